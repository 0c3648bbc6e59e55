const HEAD = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' style='background:%238884' "

/** What stands for a masked picture: a grey box of its size, so that the page around it stays laid out as it is. */
export function maskedPicture(width: number, height: number): string {
  return `${HEAD}width='${width}' height='${height}'/>`
}

/** Whether an address is of a picture that stands for a masked one. */
export function isMaskedPicture(address: string): boolean {
  return address.startsWith(HEAD)
}
