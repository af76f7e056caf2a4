import { createServer } from 'node:net';

/**
 * Finds ports that nobody listens on, on loopback.
 *
 * @param count how many; they differ from each other
 */
export async function freePorts(count: number): Promise<number[]> {
  // All are held at once, since the system may hand out a port again as soon as it is closed.
  const servers = await Promise.all(Array.from({ length: count }, () => listen()));
  return Promise.all(servers.map(({ port, close }) => close().then(() => port)));
}

function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ port, close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}
