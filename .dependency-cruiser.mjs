const BY_KIND = '(^|/)(utils|helpers|common|shared|types|constants|interfaces)/'

/** The arrows between packages: who may import whom. CONTRIBUTING.md draws them. @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    // The mirror could be lifted into another product: it knows no network, session or user.
    arrow('mirror-stands-alone', 'packages/mirror', { outside: 'packages/mirror' }),
    // A page only captures and a desk only replicates; what both need is the wire.
    arrow('capture-not-to-replica', 'packages/mirror/capture', { to: 'packages/mirror/replica' }),
    arrow('replica-not-to-capture', 'packages/mirror/replica', { to: 'packages/mirror/capture' }),
    arrow('wire-stands-alone', 'packages/mirror/wire', { outside: 'packages/mirror/wire' }),
    // Customer, agent and server meet here, so it can lean on none of them.
    arrow('protocol-stands-alone', 'packages/protocol', { outside: 'packages/protocol' }),
    // The customer's page must not load the agent's code, nor the other way round.
    arrow('customer-not-to-agent', 'packages/sdk/customer', { to: 'packages/sdk/agent' }),
    // But for the part that shows customers what agents see: docs/adr/0014-preview.md.
    arrow('customer-not-to-replica', 'packages/sdk/customer/(?!preview/)', { to: 'packages/mirror/replica' }),
    arrow('agent-not-to-customer', 'packages/sdk/agent', { to: 'packages/sdk/customer|packages/mirror/capture' }),
    // What both roles share would drag the mirror into the loader.
    arrow('connection-not-to-mirror', 'packages/sdk/connection', {
      to: 'packages/mirror|packages/sdk/(customer|agent)',
    }),
    // Both seats draw; how the elements get their numbers is each seat's own.
    arrow('annotation-not-to-seats', 'packages/sdk/annotation', {
      to: 'packages/mirror|packages/sdk/(customer|agent|connection)',
    }),
    arrow('sdk-not-to-server', 'packages/sdk', { to: 'packages/server|apps' }),
    // The relay never looks into content, so it has no use for the mirror.
    arrow('server-only-to-protocol', 'packages/server', { to: 'packages/(mirror|sdk)|apps' }),
    // Desk and demo are built on the SDK's public face, as anybody's page is.
    arrow('desk-only-to-agent-sdk', 'apps/desk/(?!settings/)', { to: 'packages/(?!sdk/agent/index)|apps/demo' }),
    // Rules are tried in the administrator's own browser: docs/adr/0018-playground.md.
    arrow('settings-only-to-trial', 'apps/desk/settings', {
      to: 'packages/(?!sdk/agent/index|mirror/trial/index)|apps/demo',
    }),
    arrow('demo-only-to-customer-sdk', 'apps/demo', { to: 'packages/(?!sdk/customer/index)|apps/desk' }),
    // What is shipped never leans on what measures or tests it.
    arrow('shipped-not-to-tooling', '(packages|apps)', { to: '(bench|e2e|scripts)' }),
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    // A folder says where its code runs and who may use it, not what kind of code it is.
    { name: 'no-folder-by-kind', severity: 'error', from: { path: BY_KIND }, to: {} },
    { name: 'no-import-by-kind', severity: 'error', from: {}, to: { path: BY_KIND, pathNot: 'node_modules' } },
    // The pages of the test name the package as their integrators installed it.
    {
      name: 'resolvable',
      severity: 'error',
      from: { pathNot: '^e2e/(zoom|cobrowse)-pages/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'browser', 'default'] },
  },
}

/** `to` names the folders that must not be reached, `outside` the only folder that may. Tests may reach what they like. */
function arrow(name, folder, { to, outside }) {
  return {
    name,
    severity: 'error',
    from: { path: `^${folder}${folder.endsWith(')') ? '' : '/'}`, pathNot: '\\.test\\.tsx?$|/(pair|testing)/' },
    to: to ? { path: `^(${to})` } : { pathNot: `^${outside}/` },
  }
}
