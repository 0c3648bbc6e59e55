import CobrowseIO from 'cobrowse-sdk-js'

window.CobrowseIO = CobrowseIO
CobrowseIO.license = 'LICENSE'
CobrowseIO.api = 'https://api.cobrowse.io'
CobrowseIO.customData = { user_name: 'Cora Bundle' }
await CobrowseIO.start()
document.getElementById('code').textContent = await CobrowseIO.createSessionCode()
