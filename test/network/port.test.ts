import * as fc from 'fast-check';
import { Port } from '../../src/network/port';
import { accepted, refused } from '../core/refused';

const number = fc.integer({ min: 1, max: 65535 });

describe('a port', () => {
  test('is written as a NetworkPolicy has it, protocol always named', () => {
    expect(Port.tcp(8080).toPolicyPort()).toEqual({ protocol: 'TCP', port: 8080 });
    expect(Port.udp(53).toPolicyPort()).toEqual({ protocol: 'UDP', port: 53 });
    expect(Port.tcpRange(30000, 32767).toPolicyPort()).toEqual({ protocol: 'TCP', port: 30000, endPort: 32767 });
  });

  test('prints equally exactly for equal ports: sets of ports are built on that', () => {
    const port = fc.oneof(
      number.map((each) => Port.tcp(each)),
      number.map((each) => Port.udp(each)),
      fc.tuple(number, number).map(([a, b]) => Port.tcpRange(Math.min(a, b), Math.max(a, b))),
    );
    fc.assert(
      fc.property(port, port, (a, b) => {
        const same = JSON.stringify(a.toPolicyPort()) === JSON.stringify(b.toPolicyPort());
        expect(a.toString() === b.toString()).toBe(same);
      }),
    );
    expect([Port.tcp(53), Port.udp(53), Port.tcpRange(53, 54)].map(String)).toEqual(['TCP/53', 'UDP/53', 'TCP/53-54']);
  });

  test.each([1, 65535])('%d is the edge of what there is', (each) => {
    expect([Port.tcp(each).number, Port.udp(each).number, Port.tcpRange(each, each).endPort]).toEqual([
      each,
      each,
      each,
    ]);
  });

  test.each<[string, (port: never) => Port]>([
    ['Port.tcp', (port) => Port.tcp(port)],
    ['Port.udp', (port) => Port.udp(port)],
    ['Port.tcpRange', (port) => Port.tcpRange(port, 65535)],
    ['Port.tcpRange', (port) => Port.tcpRange(1, port)],
  ])('%s refuses anything else, and says which call it was', (factory, make) => {
    const wrong: unknown[] = [0, -1, 65536, 1.5, NaN, Infinity, '8080', null, 8080n, [8080], {}];
    expect(wrong.filter((each) => accepted(() => make(each as never)))).toEqual([]);
    expect(refused(() => make(0 as never))).toEqual({
      id: 'network/invalid-port',
      level: 'error',
      path: factory,
      message: 'this is not a port number',
      given: '0',
      allowed: 'whole numbers from 1 to 65535',
      fix: 'use the port that the pod listens on',
    });
  });

  test('what was given is printed as it is: NaN is not null', () => {
    expect(refused(() => Port.tcp(Number('a port'))).given).toBe('NaN');
  });

  test('a range that runs backwards is refused: Kubernetes would refuse the policy', () => {
    expect(refused(() => Port.tcpRange(2000, 1999)).message).toBe('the range starts at 2000 and ends before it');
  });
});
