import * as pulumi from '@pulumi/pulumi';
import { SelfHosted } from 'cdk8s-selfhosted/pulumi';
import { platform } from './platform';

// Plain text in the program, since secrets are derived from it; `pulumi config set --secret` encrypts it in its file.
const passphrase = new pulumi.Config().require('passphrase');

const caracal = new SelfHosted('caracal', ({ app }) => platform(app, passphrase));

export const namespace = caracal.namespace;
export const web = caracal.services.web;
