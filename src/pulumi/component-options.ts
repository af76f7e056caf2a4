import type { ComponentResourceOptions } from '@pulumi/pulumi';
import { type Finding, show } from '../core/errors';

/** Options of single resources. On a component, which has no fields of its own, the engine finds nothing to apply them to. */
const WITHOUT_EFFECT = ['ignoreChanges', 'replaceOnChanges', 'hideDiffs', 'version', 'pluginDownloadURL'] as const;

/** Options that name one resource that exists; a component stands for many. */
const NOT_ALLOWED = ['id', 'urn', 'import'] as const;

/** What of the options of a component does nothing, as warnings, and what cannot be meant, as errors. */
export function optionFindings(component: string, options: ComponentResourceOptions): Finding[] {
  const path = `SelfHosted "${component}"`;
  const given = (names: readonly string[]): [string, unknown][] =>
    Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined);
  return [
    ...given(NOT_ALLOWED).map(([name, value]): Finding => ({
      id: 'pulumi/option-not-allowed',
      level: 'error',
      path: `${path}.${name}`,
      message: 'this names one resource, and a component has one for each object',
      given: show(value),
      fix: "leave it out; to import objects: { adopt: (object) => object.kind === 'Namespace' }",
    })),
    ...given(WITHOUT_EFFECT).map(([name, value]): Finding => ({
      id: 'pulumi/option-without-effect',
      level: 'warning',
      path: `${path}.${name}`,
      message: 'Pulumi does not hand this option down, and the component has no fields of its own: it does nothing',
      given: show(value),
      fix: `give it to the objects: { transforms: [({ props, opts }) => ({ props, opts: { ...opts, ${name}: ... } })] }`,
    })),
    ...(isProtected(options.parent) ? [protectedParent(`${path}.parent`)] : []),
  ];
}

/** Whether a resource is protected, by its own option or by that of a parent: the SDK keeps it here. */
function isProtected(resource: object | undefined): boolean {
  return resource !== undefined && Reflect.get(resource, '__protect') === true;
}

/** Engines protect all that is below a protected component, also what says `protect: false`. */
function protectedParent(path: string): Finding {
  return {
    id: 'pulumi/protected-parent',
    level: 'warning',
    path,
    message:
      'the parent is protected, and Pulumi hands that down to every object, Jobs too: the next release takes the old Jobs away and would end in "cannot be deleted because it is protected"',
    fix: 'take protect off the parent and give it to the component, which leaves its Jobs out: new SelfHosted(..., { parent, protect: true })',
  };
}
