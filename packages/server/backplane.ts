/** Where a live PIN leads. */
export interface PinHolder {
  sessionId: string
  /** An own PIN: it serves all agents of its session. A generated one serves a single `takePin`. */
  reusable: boolean
}

/** What all nodes of one installation must agree on. Every method is atomic: of two racing calls one wins. */
export interface Backplane {
  /** Puts a PIN up for `lifetimeMs`. False when it is live for that key already. */
  claimPin(sdkKey: string, pin: string, holder: PinHolder, lifetimeMs: number): Promise<boolean>
  /** About how many PINs are live for the key. */
  countPins(sdkKey: string): Promise<number>
  /** Whether any of these PINs is live for the key. */
  hasAnyPin(sdkKey: string, pins: readonly string[]): Promise<boolean>
  findPin(sdkKey: string, pin: string): Promise<PinHolder | undefined>
  /** Uses a PIN: true for a live one of that session, which is then gone unless it is reusable. */
  takePin(sdkKey: string, pin: string, sessionId: string): Promise<boolean>
  /** Takes a PIN down if it still leads to that session. */
  releasePin(sdkKey: string, pin: string, sessionId: string): Promise<void>
}
