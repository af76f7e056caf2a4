// One measurement in a process of its own, so that memory and just-in-time compilation of one case do not touch another.
// Usage: node scripts/bench-case.cjs <library|bare|import|import-cdk8s> <environments>
const { performance } = require('node:perf_hooks');

const [kind, count = '1'] = process.argv.slice(2);
const environments = Number(count);

function print(result) {
  process.stdout.write(JSON.stringify({ ...result, peakMiB: process.resourceUsage().maxRSS / 1024 }));
}

if (kind === 'import' || kind === 'import-cdk8s') {
  const start = performance.now();
  require('cdk8s');
  const cdk8s = performance.now();
  if (kind === 'import') {
    require('../lib');
  }
  print({ cdk8s: cdk8s - start, library: performance.now() - cdk8s });
} else {
  const { ApiObject, App, Chart, Yaml } = require('cdk8s');
  const { Cluster, Exposure, Peer, Port, Postgres, Redis, SecretSource, Tls } = require('../lib');
  const { CaracalRelease, CaracalStack, SignIn } = require('../lib/caracal');
  const manifest = require('../examples/caracal-production/manifest.json');
  const release = CaracalRelease.fromManifest(manifest);
  const cluster = Cluster.generic({
    name: 'bench',
    kubernetes: '1.33',
    zones: 3,
    ingressController: Peer.namespace('traefik'),
    prometheus: { peer: Peer.namespace('monitoring'), selectorLabels: { release: 'prometheus' } },
    customResources: ['monitoring.coreos.com/v1', 'external-secrets.io/v1', 'cert-manager.io/v1'],
  });
  const build = (app, index) => {
    const stack = new CaracalStack(app, `caracal-${index}`, {
      profile: 'production',
      namespace: `caracal-${index}`,
      cluster,
      release,
      origins: {
        console: `https://console-${index}.example.com`,
        sts: `https://sts-${index}.example.com`,
        gateway: `https://gateway-${index}.example.com`,
      },
      signIn: [SignIn.github()],
      operators: ['@example.com'],
      postgres: Postgres.external({
        host: `pg-${index}.example.internal`,
        peer: Peer.cidr('10.20.0.0/24'),
        maxConnections: 1300,
      }),
      redis: Redis.external({ host: `redis-${index}.example.internal`, peer: Peer.cidr('10.20.1.0/24') }),
      secrets: SecretSource.externalSecrets({
        store: { kind: 'ClusterSecretStore', name: 'vault' },
        prefix: `caracal-${index}/`,
      }),
      exposure: Exposure.ingress({ className: 'traefik', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) }),
    });
    stack.gateway.connections.allowTo(Peer.cidr('10.30.0.0/16'), {
      port: Port.tcp(8443),
      reason: 'governed upstreams',
    });
    return stack;
  };
  const library = (n) => {
    const start = performance.now();
    const app = new App();
    for (let index = 0; index < n; index++) {
      build(app, index);
    }
    const constructed = performance.now();
    const yaml = app.synthYaml();
    return { construct: constructed - start, render: performance.now() - constructed, bytes: yaml.length };
  };
  // The same objects without this library: one chart per environment, one ApiObject per object, printed at once.
  // Chart.toJson() is left out, because cdk8s validates the whole app in each call, which grows with its square.
  const sample = build(new App(), 0).toJson();
  const bare = (n) => {
    const start = performance.now();
    const app = new App();
    const charts = Array.from({ length: n }, (_, index) => {
      const chart = new Chart(app, `caracal-${index}`, { namespace: `caracal-${index}` });
      sample.forEach(
        (object, id) =>
          new ApiObject(chart, `object-${id}`, {
            ...object,
            metadata: { ...object.metadata, namespace: chart.namespace },
          }),
      );
      return chart;
    });
    const constructed = performance.now();
    const yaml = Yaml.stringify(...charts.flatMap((chart) => chart.apiObjects.map((object) => object.toJson())));
    return { construct: constructed - start, render: performance.now() - constructed, bytes: yaml.length };
  };
  const run = kind === 'bare' ? bare : library;
  run(3); // warms up
  global.gc?.();
  print({ ...run(environments), objects: sample.length });
}
