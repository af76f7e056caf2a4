import * as k8s from '@pulumi/kubernetes';

// The provider is started for it; then the program never ends.
new k8s.core.v1.ConfigMap('config', { metadata: { name: 'config', namespace: 'default' } });
setInterval(() => undefined, 1000);

export = async () => new Promise(() => undefined);
