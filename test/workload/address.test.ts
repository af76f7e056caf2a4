import { Construct } from 'constructs';
import { App, Chart } from 'cdk8s';
import { Component, Names, OneShotJob } from '../../src';
import { refusal } from '../support/findings';
import { testComponentSpec, testJobContent, testStack } from '../support/ledger';
import { find, synth } from '../support/manifests';

describe('the address of a component', () => {
  test('is one DNS label and the first port', () => {
    const component = new Component(testStack(), 'server', testComponentSpec());
    expect([component.serviceName, component.portNumber, component.url]).toEqual([
      'ledger-server',
      8080,
      'http://ledger-server:8080',
    ]);
  });

  test('reaches the pods: each Service port leads to the container port of that name', () => {
    const stack = testStack();
    new Component(stack, 'server', testComponentSpec());
    const objects = synth(stack);
    expect(find(objects, 'Service', 'ledger-server').spec.ports).toEqual([
      { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' },
      { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
    ]);
    expect(find(objects, 'Deployment', 'ledger-server').spec.template.spec.containers[0]?.ports).toEqual([
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ]);
  });

  test('follows the names of the stack', () => {
    const stack = testStack({ names: Names.helmRelease('prod', 'ledger') });
    expect(new Component(stack, 'server', testComponentSpec()).url).toBe('http://prod-ledger-server:8080');
  });
});

test('a component may ask the DNS of its cluster, unless it resolves no names', () => {
  const flows = (resolvesNames?: boolean) =>
    new Component(
      testStack({ profile: 'dev' }),
      'server',
      testComponentSpec(resolvesNames === undefined ? {} : { resolvesNames }),
    ).connections.flows.map(({ to, ports }) => `${to} ${ports.join()}`);
  const dns = ['pods k8s-app=kube-dns in namespace kube-system UDP/53,TCP/53'];
  expect([flows(), flows(true), flows(false)]).toEqual([dns, dns, []]);
});

describe('where a component stands', () => {
  test('deep inside a stack is as good as right below it', () => {
    const stack = testStack();
    const component = new Component(new Construct(new Construct(stack, 'a'), 'b'), 'server', testComponentSpec());
    expect(component.node.path).toBe('ledger/a/b/server');
    expect(synth(stack).map(({ metadata }) => metadata.name)).toContain('ledger-server');
  });

  test.each<[string, (scope: Construct) => unknown]>([
    ['a component', (scope) => new Component(scope, 'server', testComponentSpec())],
    ['a Job', (scope) => new OneShotJob(scope, 'migrate', testJobContent())],
  ])('%s in an ordinary chart is refused, with what to do', (_what, make) => {
    const [finding] = refusal(() => make(new Chart(new App(), 'plain')));
    expect(finding).toMatchObject({
      id: 'stack/missing',
      path: expect.stringMatching(/^plain\//) as string,
      fix: expect.stringContaining('PlatformStack') as string,
    });
  });
});
