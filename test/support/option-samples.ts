import { ImageRef, Port } from '../../src';
import type { Sample } from './effect';

const image = (name: string, digit: string): ImageRef =>
  ImageRef.parse(`registry.example.com/${name}@sha256:${digit.repeat(64)}`);

/** Sidecars with every property; the first mounts the volume `extra`. */
const sidecarSample = (): Sample[] => [
  {
    name: 'proxy',
    image: image('proxy', 'd'),
    command: ['/proxy'],
    args: ['--port=5432'],
    env: { TZ: 'CET' },
    resources: { cpu: '30m', cpuLimit: '60m', memory: '70Mi', memoryLimit: '140Mi' },
    user: { uid: 1000, gid: 1001 },
    ready: { port: Port.tcp(5432), http: '/ready' },
    mounts: [{ volume: 'extra', mountPath: '/proxy', readOnly: false }],
  },
  { name: 'agent', image: image('agent', 'e'), ready: { exec: ['true'] } },
];

/** Options of a pod that a component or a Job takes, none with its default; resources and security are the caller's. */
export const podOptionSample = (): Sample => ({
  env: { TZ: 'UTC' },
  volumes: [{ volume: { name: 'extra', emptyDir: {} }, mountPath: '/extra', readOnly: false }],
  podLabels: { team: 'identity' },
  podAnnotations: { note: 'text' },
  nodeSelector: { pool: 'apps' },
  tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 60 }],
  priorityClassName: 'high',
  serviceAccount: { name: 'own' },
  sidecars: sidecarSample(),
});

/** Other values of what a sidecar cannot do without, for the owner at a path: `sts`, `options`. */
export function otherSidecar(owner: string): Record<string, unknown> {
  return {
    [`${owner}.sidecars.0.name`]: 'other-0',
    [`${owner}.sidecars.1.name`]: 'other-1',
    [`${owner}.sidecars.0.image`]: image('other', 'f'),
    [`${owner}.sidecars.1.image`]: image('other', 'f'),
    [`${owner}.sidecars.0.resources.cpu`]: '31m',
    [`${owner}.sidecars.0.resources.memory`]: '71Mi',
    [`${owner}.sidecars.0.resources.memoryLimit`]: '141Mi',
    [`${owner}.sidecars.0.user.uid`]: 1002,
    [`${owner}.sidecars.0.user.gid`]: 1003,
    [`${owner}.sidecars.0.ready.port`]: Port.tcp(5433),
    [`${owner}.sidecars.1.ready.exec`]: ['false'],
    [`${owner}.sidecars.0.mounts.0.volume`]: 'other',
    [`${owner}.sidecars.0.mounts.0.mountPath`]: '/other',
  };
}
