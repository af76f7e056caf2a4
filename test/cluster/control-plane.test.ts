import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlPlane } from './harness/control-plane';
import { THREE_NODES } from './harness/layouts';
import { addressProblems, LoadBalancers } from './harness/load-balancers';
import { createNamespace } from './harness/namespaces';
import { HOLD_TEMPLATE, LET_GO_TEMPLATE, REPLICAS_MANAGER } from './harness/replicas';
import { settle } from './harness/rest';
import { waitFor } from './harness/wait';
import { handmadePlatform, labelsOf, object } from './handmade';

/** A control plane that runs: its played controllers, and what it says when one of its processes dies or hangs. */
let plane: ControlPlane;
let parentFolder: string;

beforeAll(() => {
  parentFolder = mkdtempSync(join(tmpdir(), 'control-plane-test-'));
});

afterAll(() => rmSync(parentFolder, { recursive: true, force: true }));

function processesLeft(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(parentFolder));
}

/** The pid of one process of the control plane. */
function pidOf(program: string): number {
  const line = processesLeft().find((one) => one.includes(`/${program} `));
  return Number(line!.trim().split(' ')[0]);
}

describe('load balancers', () => {
  const namespace = 'exposed';
  const backend = { service: { name: 'shop-web', port: { name: 'http' } } };
  const rule = { host: 'shop.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } };
  const ingress = object(namespace, 'networking.k8s.io/v1', 'Ingress', 'web', { spec: { rules: [rule] } });
  const ports = [{ name: 'http', port: 80 }];
  const spec = { selector: labelsOf('web'), ports };
  const balanced = object(namespace, 'v1', 'Service', 'store', { spec: { ...spec, type: 'LoadBalancer' } });
  const inside = object(namespace, 'v1', 'Service', 'web', { spec });

  beforeAll(async () => {
    plane = await ControlPlane.start({ layout: THREE_NODES, parentFolder });
    await createNamespace(plane.client, namespace);
  });

  afterAll(async () => plane?.stop());

  async function addressOf(path: string): Promise<string | undefined> {
    const { status } = await plane.client.call('GET', path);
    const balancer = (status as { loadBalancer?: { ingress?: { ip: string }[] } }).loadBalancer;
    return balancer?.ingress?.[0]?.ip;
  }

  const INGRESS = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/shop-web`;

  test('give an address to what exists already and to what comes later, and to nothing else', async () => {
    await plane.client.ensure(inside);
    await plane.client.ensure(ingress);
    expect(await addressOf(INGRESS)).toBeUndefined();
    const balancers = await LoadBalancers.start(plane.client);
    await plane.client.ensure(balanced);
    await waitFor('addresses', async () => addressProblems(plane.client, namespace), { seconds: 5 });
    const services = `/api/v1/namespaces/${namespace}/services`;
    const given = await Promise.all([addressOf(INGRESS), addressOf(`${services}/shop-store`)]);
    // Addresses for documentation: nobody answers there.
    given.forEach((address) => expect(address).toMatch(/^192\.0\.2\.\d+$/));
    expect(new Set(given).size).toBe(2);
    expect(await addressOf(`${services}/shop-web`)).toBeUndefined();
    await plane.client.remove(INGRESS);
    await plane.client.ensure(ingress);
    await waitFor('the address returns', async () => addressProblems(plane.client, namespace), { seconds: 5 });
    expect(await addressOf(INGRESS)).toBe(given[0]);
    await expect(balancers.stop()).resolves.toBeUndefined();
  });

  test('are missed by the check that asks for addresses, once nobody plays them', async () => {
    for (const lost of [ingress, balanced]) {
      await plane.client.remove(await plane.client.pathOf(lost));
      await plane.client.ensure(lost);
    }
    await sleep(500);
    expect(await addressProblems(plane.client, namespace)).toEqual([
      'Ingress exposed/shop-web has no address',
      'Service exposed/shop-store has no address',
    ]);
  });
});

describe('a process that hangs or dies is what the message says, with the tail of its log', () => {
  beforeEach(async () => {
    plane = await ControlPlane.start({ layout: THREE_NODES, parentFolder });
  });

  afterEach(async () => {
    await plane?.stop();
    expect(processesLeft()).toEqual([]);
    expect(readdirSync(parentFolder)).toEqual([]);
  });

  test('a server that hangs: requests and kubectl end in time, and even then no process is left', async () => {
    process.kill(pidOf('kube-apiserver'), 'SIGSTOP');
    const call = plane.client.call('GET', '/api/v1/nodes', undefined, { timeoutMillis: 500 });
    await expect(call).rejects.toThrow(
      /^GET \/api\/v1\/nodes: no answer within 500 ms; the tail of the log of kube-apiserver:\n.+/,
    );
    plane.kubectl.timeoutMillis = 500;
    await expect(plane.kubectl.run(['get', 'nodes'])).rejects.toThrow(
      /^kubectl get: no end within 500 ms; the tail of the log of kube-apiserver:\n.+/,
    );
  });

  test('a kube-apiserver that dies: checks, kubectl and played controllers name it', async () => {
    const balancers = await LoadBalancers.start(plane.client);
    process.kill(pidOf('kube-apiserver'), 'SIGKILL');
    const died = /kube-apiserver: ended by SIGKILL; the tail of its log:\n.+/;
    await expect(settle(plane.client, 'default')).rejects.toThrow(died);
    await expect(plane.kubectl.apply(handmadePlatform('default'))).rejects.toThrow(died);
    expect(() => plane.assertAlive()).toThrow(died);
    await expect(balancers.stop()).rejects.toThrow(/the played load balancers failed: the watch over \S+ ended/);
  });

  test('a process that is not the server', async () => {
    expect(plane.pids).toHaveLength(5);
    expect(() => plane.assertAlive()).not.toThrow();
    process.kill(pidOf('kube-scheduler'), 'SIGKILL');
    const noticed = async (): Promise<string[]> => (plane.pids.length === 4 ? [] : ['not yet']);
    await waitFor('the death is noticed', noticed, { seconds: 5 });
    expect(() => plane.assertAlive()).toThrow(/^kube-scheduler: ended by SIGKILL; the tail of its log:\n.+/);
  });
});

test('the guide on upgrades gives users the commands that this suite uses to pass on the number of replicas', () => {
  const guide = readFileSync(join(__dirname, '../../docs/upgrades.md'), 'utf8');
  expect(guide).toContain(HOLD_TEMPLATE);
  expect(guide).toContain(LET_GO_TEMPLATE);
  expect(guide).toContain(`--field-manager=${REPLICAS_MANAGER}`);
  expect(guide).toContain('--force-conflicts');
});
