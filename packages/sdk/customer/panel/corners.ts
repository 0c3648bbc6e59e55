/** Where the panel can be, in the order that its button goes through. */
export const CORNERS = ['bottom-right', 'bottom-left', 'top-left', 'top-right']
