// ESM: the named exports of a CommonJS package must be visible to `import`.
import * as caracal from 'cdk8s-selfhosted/caracal';
import * as main from 'cdk8s-selfhosted';

const names = (module) =>
  Object.keys(module)
    // What Node adds to every CommonJS module.
    .filter((name) => !['default', 'module.exports', '__esModule'].includes(name))
    .sort();
process.stdout.write(JSON.stringify({ main: names(main), caracal: names(caracal) }));
