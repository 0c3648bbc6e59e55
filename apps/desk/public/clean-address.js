// The refused page, too, leaves no token in the address bar and the history.
history.replaceState(null, '', location.pathname)
