import { brand, isBranded } from '../core/brand';
import { check, type Checks, requireShape } from '../core/checks';
import { invalidValue } from '../core/errors';
import { dnsNameProblem } from '../core/text';
import { Peer } from '../network/peer';
import { Port } from '../network/port';
import type { CredentialFile } from './credential-file';
import { SIGN_IN_MAKING } from './makings';

/** A Secret of your own with the credentials of a sign-in method. */
export interface SignInSecret {
  /** Name of the Secret, in the namespace of the stack; an `ISecret` of cdk8s-plus fits. */
  readonly name: string;
}

/** Settings of an OAuth sign-in. */
export interface OAuthSignInProps {
  /**
   * Secret with the keys `clientId` and `clientSecret` of the OAuth application.
   * @default - the keys `<method>ClientId` and `<method>ClientSecret` of the stack's secret source
   */
  readonly secret?: SignInSecret;
  /**
   * Where the provider is reached on port 443, for the network policies: a proxy of yours, or its published networks.
   * @default Peer.internet()
   */
  readonly peer?: Peer;
}

/** Settings of sign-in by e-mail. */
export interface SmtpSignInProps {
  /** Sender of the mails. */
  readonly from: string;
  /** Where the mail server is, for the network policies. */
  readonly peer: Peer;
  /**
   * Port of the mail server: 465, 587 or 25.
   * @default 587
   */
  readonly port?: number;
  /**
   * Secret with the key `url` (`smtps://user:password@host:465`).
   * @default - the key `smtpUrl` of the stack's secret source
   */
  readonly secret?: SignInSecret;
}

const OAUTH_CHECKS: Checks<OAuthSignInProps> = { secret: check.record, peer: check.any };
const SMTP_CHECKS: Checks<SmtpSignInProps> = {
  from: check.any,
  peer: check.any,
  port: check.count,
  secret: check.record,
};

/** Ways to sign in that prove an identity: with a provider, or with an address that answers mail. */
export type ProvenMethod = 'github' | 'google' | 'smtp';

/** A way to sign in. `password` proves nothing, and is for dev only. */
export type SignInMethod = ProvenMethod | 'password';

/** Whom the console must reach for a way to sign in. */
export interface SignInEgress {
  /** Who it is. */
  readonly peer: Peer;
  /** On which port. */
  readonly port: Port;
}

/**
 * How operators sign in to the console. At least one method is needed outside of dev. Who may
 * sign in is another question: `operators`.
 */
export class SignIn<Method extends SignInMethod = SignInMethod> {
  static {
    brand(this, 'SignIn', SIGN_IN_MAKING);
  }

  /**
   * GitHub accounts. Callback: `<console origin>/api/auth/callback/github`.
   *
   * @throws ConfigurationError `caracal/invalid-sign-in` for a peer that is nobody.
   */
  public static github(props: OAuthSignInProps = {}): SignIn<'github'> {
    return SignIn.oauth('github', props);
  }

  /**
   * Google accounts. Callback: `<console origin>/api/auth/callback/google`.
   *
   * @throws ConfigurationError `caracal/invalid-sign-in` for a peer that is nobody.
   */
  public static google(props: OAuthSignInProps = {}): SignIn<'google'> {
    return SignIn.oauth('google', props);
  }

  /**
   * E-mail and password, with mails for confirmation. Sign-up by password comes with it: without, nobody could make
   * the first account.
   *
   * @throws ConfigurationError `caracal/invalid-sign-in` for a sender that is no address and for a peer that is nobody.
   */
  public static smtp(props: SmtpSignInProps): SignIn<'smtp'> {
    requireShape('SignIn.smtp', props, SMTP_CHECKS);
    if (typeof props.from !== 'string' || !/^[^\s@<>"]+@[^\s@<>"]+$/.test(props.from) || /[\r\n]/.test(props.from)) {
      refuse('SignIn.smtp', props.from, 'the sender is not an address', '"caracal@example.com"');
    }
    if (!isBranded<Peer>(props.peer, 'Peer') || props.peer.isNobody) {
      refuse(
        'SignIn.smtp',
        props.peer,
        'no policy would let the console reach the mail server',
        'peer: Peer.cidr("10.20.2.0/24")',
      );
    }
    const secret = checkedSecret('SignIn.smtp', props.secret);
    return new SignIn(
      'smtp',
      [
        {
          env: 'CARACAL_SMTP_URL_FILE',
          key: 'smtpUrl',
          format: 'url',
          ...(secret === undefined ? {} : { secret: { name: secret, key: 'url' } }),
        },
      ],
      { CARACAL_SMTP_FROM: props.from, CARACAL_PASSWORD_SIGNUP: '1' },
      { peer: props.peer, port: Port.tcp(props.port ?? 587) },
    );
  }

  /**
   * E-mail and password, without a mail server and without any proof that the address is theirs: whoever reaches the
   * console first may register an address of `operators`. For dev only; outside of it, it does not compile and is
   * refused. The console then runs with `NODE_ENV=development`.
   */
  public static password(): SignIn<'password'> {
    return new SignIn('password', [], { CARACAL_PASSWORD_SIGNUP: '1' }, undefined);
  }

  private static oauth<OAuth extends 'github' | 'google'>(method: OAuth, props: OAuthSignInProps): SignIn<OAuth> {
    requireShape(`SignIn.${method}`, props, OAUTH_CHECKS);
    const { peer = Peer.internet() } = props;
    if (!isBranded<Peer>(peer, 'Peer') || peer.isNobody) {
      refuse(
        `SignIn.${method}`,
        peer,
        'no policy would let the console reach the provider',
        'peer: Peer.cidr("192.0.2.0/24"), or nothing for the public internet',
      );
    }
    const secret = checkedSecret(`SignIn.${method}`, props.secret);
    const file = (suffix: 'Id' | 'Secret'): CredentialFile => ({
      env: `${method.toUpperCase()}_CLIENT_${suffix.toUpperCase()}_FILE`,
      key: `${method}Client${suffix}`,
      format: 'text',
      ...(secret === undefined ? {} : { secret: { name: secret, key: `client${suffix}` } }),
    });
    return new SignIn(method, [file('Id'), file('Secret')], {}, { peer, port: Port.tcp(443) });
  }

  private constructor(
    /** Which method it is. */
    public readonly method: Method,
    /** Credentials, as files. */
    public readonly files: readonly CredentialFile[],
    /** Plain variables. */
    public readonly env: Readonly<Record<string, string>>,
    /** Whom the console must reach for it; nobody for a password. */
    public readonly egress: SignInEgress | undefined,
  ) {}
}

function checkedSecret(path: string, secret: SignInSecret | undefined): string | undefined {
  if (secret !== undefined && (typeof secret.name !== 'string' || dnsNameProblem(secret.name) !== undefined)) {
    refuse(`${path}.secret`, secret, 'this is not the name of a Secret', '{ name: "github-oauth" }');
  }
  return secret?.name;
}

function refuse(path: string, given: unknown, message: string, allowed: string): never {
  return invalidValue({ id: 'caracal/invalid-sign-in', path, message, given, allowed, fix: 'correct the property' });
}
