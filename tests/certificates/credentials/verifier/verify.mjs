// Reads {at, documents, cases} from standard input and writes a verdict for each case.
//
// `documents` are all there is to read, by address: contexts, did:web documents, status lists.
// Nothing is ever fetched. A case is a credential with its proof, or a token.
import {text} from 'node:stream/consumers';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import * as jose from 'jose';

const KEY_CONTEXTS = {
  Multikey: 'https://w3id.org/security/multikey/v1',
  JsonWebKey: 'https://w3id.org/security/jwk/v1'
};
const {at, documents, cases} = JSON.parse(await text(process.stdin));
const now = new Date(at);

function addressOf(did) {
  const [host, ...path] = did.split(':').slice(2).map(decodeURIComponent);
  const steps = path.length ? path : ['.well-known'];
  const scheme = /^(127\.|localhost)/.test(host) ? 'http' : 'https';
  return [`${scheme}://${host}`, ...steps, 'did.json'].join('/');
}

function resolved(url) {
  const [did, fragment] = url.split('#');
  const document = documents[addressOf(did)];
  if(!document || document.id !== did) {
    throw new Error(`There is no such name: ${did}`);
  }
  if(fragment === undefined) {
    return document;
  }
  const found = document.verificationMethod.find(({id}) => id === url);
  if(!found) {
    throw new Error(`There is no such key: ${url}`);
  }
  return {'@context': KEY_CONTEXTS[found.type], ...found};
}

async function documentLoader(url) {
  const document = url.startsWith('did:web:') ? resolved(url) : documents[url];
  if(!document) {
    throw new Error(`Nothing is fetched: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

async function verdictOnCredential(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, now,
    checkStatus: options => checkStatus({...options, suite, documentLoader})
  });
  const statuses = result.statusResult?.results ?? [];
  const revoked = statuses.some(({status}) => status);
  const errors = [
    result.error, ...(result.error?.errors ?? []), result.statusResult?.error
  ];
  return {
    verified: result.verified && !revoked, revoked,
    error: errors.filter(Boolean).map(String).join('; ')
  };
}

async function verdictOnToken(token) {
  const {kid} = jose.decodeProtectedHeader(token);
  const method = resolved(kid);
  const {payload} = await jose.jwtVerify(
    token, await jose.importJWK(method.publicKeyJwk, 'EdDSA'),
    {typ: 'vc+jwt', algorithms: ['EdDSA'], currentDate: now});
  const issuer = payload.issuer.id ?? payload.issuer;
  if(issuer !== method.controller || payload.iss !== issuer || payload.jti !== payload.id) {
    throw new Error('Issuer, key and claims do not agree.');
  }
  const owner = resolved(method.controller);
  if(!owner.assertionMethod.includes(kid)) {
    throw new Error('The issuer does not sign with this key.');
  }
  return {verified: true, revoked: false, error: '', payload};
}

const verdicts = [];
for(const one of cases) {
  try {
    verdicts.push(typeof one === 'string' ?
      await verdictOnToken(one) : await verdictOnCredential(one));
  } catch(error) {
    verdicts.push({verified: false, revoked: false, error: String(error)});
  }
}
process.stdout.write(JSON.stringify(verdicts));
