import { ApiObject, App } from 'cdk8s';
import { type ExclusiveResource, PlatformStack, type PlatformStackProps } from '../../src';
import { Claims } from '../../src/stack/claims';
import { testCluster, testStackProps } from '../support/ledger';

/** A stack in an app of its own, as an engine makes one: only the claims know of the others. */
class Stack extends PlatformStack {
  /** How often its objects were asked for. */
  public asked = 0;

  constructor(
    id: string,
    change: Partial<PlatformStackProps> = {},
    private readonly resources: readonly string[] = [],
  ) {
    super(new App(), id, testStackProps({ instance: id, ...change }));
  }

  public override exclusiveResources(): readonly ExclusiveResource[] {
    return this.resources.map((key) => ({ key, message: `${key} is for one`, fix: 'use another' }));
  }

  public override stackObjects(): ApiObject[] {
    this.asked += 1;
    return super.stackObjects();
  }

  /** With a ConfigMap of this name. */
  public having(name: string): this {
    new ApiObject(this, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    return this;
  }
}

const found = (claims: Claims, stack: PlatformStack): [string, string][] =>
  claims.add(stack).map(({ id, path }) => [id, path]);

describe('claims of stacks that come one after the other', () => {
  test('that share nothing are granted', () => {
    const claims = new Claims();
    expect(found(claims, new Stack('one', {}, ['db']).having('a'))).toEqual([]);
    expect(found(claims, new Stack('two', {}, ['other db']).having('b'))).toEqual([]);
  });

  test('the same installation is told once, not for each object that both have', () => {
    const claims = new Claims();
    claims.add(new Stack('one', {}, ['db']).having('a').having('b'));
    const second = new Stack('two', { instance: 'one' }, ['db']).having('a').having('b');
    expect(claims.add(second)).toEqual([
      {
        id: 'stack/duplicate-instance',
        level: 'error',
        path: 'two',
        message: 'one is the same installation: ledger "one" in namespace "books" of cluster "eu-1"',
        fix: 'give one of the two another instance, namespace or cluster',
      },
    ]);
  });

  test('every object and every resource that another has is told, with who has it', () => {
    const claims = new Claims();
    claims.add(new Stack('one', {}, ['db']).having('a'));
    claims.add(new Stack('two', {}, ['cache']).having('b'));
    const findings = claims.add(new Stack('three', {}, ['cache', 'db', 'own']).having('b').having('own').having('a'));
    expect(findings.map(({ id, path, message }) => [id, path, message])).toEqual([
      ['stack/duplicate-object', 'three/b', 'ConfigMap "b" is emitted by two too, into the same cluster'],
      ['stack/duplicate-object', 'three/a', 'ConfigMap "a" is emitted by one too, into the same cluster'],
      ['stack/shared-resource', 'three', 'cache is for one; two uses it already'],
      ['stack/shared-resource', 'three', 'db is for one; one uses it already'],
    ]);
    expect(findings.map(({ given }) => given)).toEqual([undefined, undefined, 'cache', 'db']);
  });

  test.each<[string, Partial<PlatformStackProps>]>([
    ['cluster', { cluster: testCluster({ name: 'us-1' }) }],
    ['namespace', { namespace: 'other' }],
  ])('the same names in another %s are other objects', (_what, change) => {
    const claims = new Claims();
    claims.add(new Stack('one').having('a'));
    expect(found(claims, new Stack('one', change).having('a'))).toEqual([]);
  });

  test('what must not be shared is shared across namespaces, and not across products and clusters', () => {
    const claims = new Claims();
    claims.add(new Stack('one', {}, ['db']));
    expect(found(claims, new Stack('two', { namespace: 'other' }, ['db']))).toEqual([['stack/shared-resource', 'two']]);
    expect(found(claims, new Stack('three', { product: 'library' }, ['db']))).toEqual([]);
    expect(found(claims, new Stack('four', { cluster: testCluster({ name: 'us-1' }) }, ['db']))).toEqual([]);
  });
});

describe('a stack whose claims clash', () => {
  test('gets nothing: it is not deployed, so its names are free', () => {
    const claims = new Claims();
    claims.add(new Stack('one').having('a'));
    expect(found(claims, new Stack('two', {}, ['db']).having('a').having('b'))).toHaveLength(1);
    expect(found(claims, new Stack('three', {}, ['db']).having('b'))).toEqual([]);
    // Its installation too: a program that catches the error may try again.
    expect(found(claims, new Stack('two').having('c'))).toEqual([]);
    // Negative control: what was granted is taken.
    expect(found(claims, new Stack('four').having('c'))).toEqual([['stack/duplicate-object', 'four/c']]);
  });

  test('takes nothing away from the one that was first', () => {
    const claims = new Claims();
    claims.add(new Stack('one').having('a'));
    claims.add(new Stack('two').having('a'));
    const [finding] = claims.add(new Stack('three').having('a'));
    expect(finding?.message).toContain('emitted by one too');
  });

  test('is a clash with other stacks, never with itself: two objects of one name in it are another finding', () => {
    const claims = new Claims();
    const stack = new Stack('one');
    stack.having('a');
    new ApiObject(stack, 'again', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    expect(found(claims, stack)).toEqual([]);
  });
});

describe('the cost of one stack more', () => {
  test('is that stack: the objects of the others are not asked for again, so that many stacks stay linear', () => {
    const claims = new Claims();
    const stacks = Array.from({ length: 20 }, (_, index) => new Stack(`s${index}`).having(`c${index}`));
    stacks.forEach((stack) => claims.add(stack));
    expect(stacks.map(({ asked }) => asked)).toEqual(Array(20).fill(1));
  });

  test('two lists of claims know nothing of each other: a process may run several programs', () => {
    expect(found(new Claims(), new Stack('one').having('a'))).toEqual([]);
    expect(found(new Claims(), new Stack('one').having('a'))).toEqual([]);
  });
});
