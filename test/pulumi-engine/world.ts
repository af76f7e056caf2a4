import { ControlPlane } from '../cluster/harness/control-plane';
import { createCrds } from '../cluster/harness/crds';
import { SIX_NODES } from '../cluster/harness/layouts';
import { LoadBalancers } from '../cluster/harness/load-balancers';
import { createVolumes } from '../cluster/harness/volumes';
import { Engine } from './harness/engine';
import { InstalledPackage } from './harness/package';

/** What stacks live in: a control plane, an engine that works on it, and the package as users get it. */
export class World {
  /** Starts all of it; nothing stays running when a part cannot start. */
  public static async start(): Promise<World> {
    const plane = await ControlPlane.start({ layout: SIX_NODES });
    let balancers: LoadBalancers | undefined;
    let engine: Engine | undefined;
    try {
      await createCrds(plane.client);
      await createVolumes(plane.client);
      // The engine waits until what is exposed has an address.
      balancers = await LoadBalancers.start(plane.client);
      engine = new Engine({ kubeconfig: plane.kubeconfig });
      return new World(plane, balancers, engine, InstalledPackage.into(engine.folder));
    } catch (error) {
      await engine?.stop();
      await balancers?.stop();
      await plane.stop();
      throw error;
    }
  }

  private constructor(
    public readonly plane: ControlPlane,
    private readonly balancers: LoadBalancers,
    public readonly engine: Engine,
    public readonly installed: InstalledPackage,
  ) {}

  /** Ends all of it: the engine first, since what it still does would wait for the cluster. */
  public async stop(): Promise<void> {
    await this.engine.stop();
    try {
      await this.balancers.stop();
    } finally {
      await this.plane.stop();
    }
  }
}
