import * as pulumi from '@pulumi/pulumi';

/** Type of the resource below. */
export const DATABASE_TOKEN = 'test:index:Database';

/** Stands for a resource of another provider, of which the address is computed: a preview does not know it. */
export class Database extends pulumi.CustomResource {
  declare public readonly address: pulumi.Output<string>;
  declare public readonly password: pulumi.Output<string>;

  constructor(name: string, options: pulumi.CustomResourceOptions = {}) {
    super(DATABASE_TOKEN, name, { address: undefined, password: undefined }, options);
  }
}
