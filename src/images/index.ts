export { ImageRef, type ImageRefProps } from './image-ref';
export { RegistryMirror } from './registry-mirror';
