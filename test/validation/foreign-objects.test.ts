import { ApiObject, App } from 'cdk8s';
import type { Rule, WrittenObject } from '../../src';
import { CaracalStack } from '../../src/caracal';
import { publishedProps } from '../caracal/fixture';
import { budget, deployment, OF_SERVER, OURS, raw, serverWith, stackWith, template } from '../support/foreign';
import { findingsWith, openErrorIds } from '../support/findings';
import { testStack } from '../support/ledger';
import { synth } from '../support/manifests';

/** What rules are given to read. */
function writtenIn(use: Parameters<typeof stackWith>[0], stackOf = stackWith): readonly WrittenObject[] {
  let written: readonly WrittenObject[] = [];
  const spy: Rule = {
    ...{ id: 'books/spy', level: 'warning', acknowledgeable: true, why: 'a test of rules', fix: 'nothing to fix here' },
    check: (model) => {
      written = model.written;
      return [];
    },
  };
  stackOf(use, { rules: [spy] }).findings();
  return written;
}

describe('a program that adds objects of its own', () => {
  test('learns of each fault at once, each once, with its path', () => {
    const stack = serverWith((it) => {
      deployment(it, template({ image: 'nginx:latest' }));
      budget(it, OF_SERVER, undefined, 'second');
      budget(it, OURS, { minAvailable: 1 }, 'blocking');
      raw(it, 'HorizontalPodAutoscaler', 'autoscaling/v2', {
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'ledger-server' } },
      });
      deployment(it, template({ labels: OF_SERVER }), {}, 'taker');
    });
    const found = stack.findings().map(({ id, path }) => `${id} ${path}`);
    expect(found.sort()).toEqual([
      'images/unpinned ledger/Deployment-own',
      'network/cut-off ledger/Deployment-taker',
      'workload/blocking-budget ledger/PodDisruptionBudget-blocking',
      'workload/second-autoscaler ledger/HorizontalPodAutoscaler-own',
      'workload/second-budget ledger/PodDisruptionBudget-second',
      'workload/taken-labels ledger/Deployment-taker',
    ]);
  });

  test('is not told about objects that nobody can object to', () => {
    const stack = serverWith((it) => {
      deployment(it, template(), { replicas: 2 });
      budget(it, OURS);
      raw(it, 'ResourceQuota', 'v1', { spec: { hard: { pods: '100' } } });
      raw(it, 'ConfigMap', 'v1', { data: { text: 'x' } }, 'map');
    });
    expect(stack.findings()).toEqual([]);
    expect(synth(stack).map(({ kind }) => kind)).toContain('ResourceQuota');
  });

  test('is never shown the secret', () => {
    const stack = stackWith((it) => raw(it, 'Secret', 'v1', { stringData: { password: 'hunter2' } }));
    expect(openErrorIds(stack)).toEqual(['secrets/literal-secret']);
    expect(JSON.stringify(stack.findings())).not.toContain('hunter2');
  });

  test('may accept what it knows better', () => {
    const stack = stackWith((it) => deployment(it, template({ image: 'nginx:1.27' })));
    stack.acknowledge('images/unpinned', { reason: 'a trial', path: 'ledger/Deployment-own' });
    expect(openErrorIds(stack)).toEqual([]);
  });
});

describe('what rules read', () => {
  test('is nothing of what the library draws itself, for a whole platform', () => {
    const app = new App();
    const stack = new CaracalStack(app, 'caracal', {
      ...publishedProps(),
      rules: [
        {
          ...{
            id: 'books/spy',
            level: 'error',
            acknowledgeable: false,
            why: 'a test of rules',
            fix: 'mark the object as drawn',
          },
          check: ({ written }) => written.map(({ path }) => ({ path, message: 'is not marked' })),
        },
      ],
    });
    expect(findingsWith(stack, 'books/spy')).toEqual([]);
  });

  test('is rendered once for all rules, and the number of renderings follows the number of objects', () => {
    const renderings = (count: number): number => {
      const json = jest.spyOn(ApiObject.prototype, 'toJson');
      const stack = testStack();
      for (let each = 0; each < count; each += 1) {
        deployment(stack, template({ labels: { app: `a${each}` } }), {}, `a${each}`);
        budget(stack, { app: `a${each}` }, undefined, `a${each}`);
      }
      json.mockClear();
      stack.findings();
      const calls = json.mock.calls.length;
      json.mockRestore();
      return calls;
    };
    expect([1, 10, 20].map(renderings)).toEqual([2, 20, 40]);
  });

  test('has the namespace that it ends up in', () => {
    const written = writtenIn((stack) => {
      raw(stack, 'ConfigMap', 'v1', {}, 'ours');
      raw(stack, 'ClusterRole', 'rbac.authorization.k8s.io/v1', {}, 'nowhere');
      new ApiObject(stack, 'x', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'theirs' } });
    });
    expect(written.map(({ title, namespace }) => [title, namespace])).toEqual([
      ['ConfigMap "ours"', 'books'],
      ['ClusterRole "nowhere"', undefined],
      ['ConfigMap "x"', 'theirs'],
    ]);
  });
});

describe('routes beside those of a product', () => {
  const withIngress = (host: string, path: string) => {
    const stack = new CaracalStack(new App(), 'caracal', publishedProps());
    raw(stack, 'Ingress', 'networking.k8s.io/v1', {
      spec: { rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend: {} }] } }] },
    });
    return stack
      .findings()
      .filter(({ path: at }) => at === 'caracal/Ingress-own')
      .map(({ id, message }) => [id, message]);
  };

  test('one of the same host and path, and one for a part of it, are told apart; another host is free', () => {
    expect(withIngress('console.example.com', '/')).toEqual([
      [
        'network/duplicate-route',
        expect.stringContaining('routes console.example.com/, and so does Ingress "caracal-web"'),
      ],
    ]);
    expect(withIngress('console.example.com', '/docs')).toEqual([
      [
        'network/shared-host',
        expect.stringContaining('takes console.example.com/docs out of what Ingress "caracal-web"'),
      ],
    ]);
    expect(withIngress('docs.example.com', '/')).toEqual([]);
  });
});
