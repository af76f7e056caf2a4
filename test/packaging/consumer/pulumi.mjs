// ESM: the named exports must be visible to `import`.
import * as engine from 'cdk8s-selfhosted/pulumi';

process.stdout.write(JSON.stringify(Object.keys(engine)));
