import * as pulumi from '@pulumi/pulumi';

/**
 * Stands for the servers that your program creates in a cloud, such as an `aws.rds.Instance` and an
 * `aws.elasticache.ReplicationGroup`. Their addresses are Outputs: known once the servers exist.
 */
export class Servers extends pulumi.ComponentResource {
  public readonly databaseHost: pulumi.Output<string>;
  public readonly redisHost: pulumi.Output<string>;

  constructor(name: string, databaseHost: string) {
    super('example:index:Servers', name);
    this.databaseHost = pulumi.output(databaseHost);
    this.redisHost = this.databaseHost.apply((host) => host.replace(/^[^.]+/, 'redis'));
    this.registerOutputs({ databaseHost: this.databaseHost, redisHost: this.redisHost });
  }
}
