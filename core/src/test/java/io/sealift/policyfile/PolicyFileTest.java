package io.sealift.policyfile;

import static io.sealift.oci.JsonText.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.policy.Allowance;
import io.sealift.policy.Material;
import io.sealift.policy.Policy;
import io.sealift.policy.Requirement;
import io.sealift.policy.Scope;
import io.sealift.policy.TrustAnchor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {

  private static final String KEYS = "'type':'signedBy','keyType':'GPGKeys'";
  private static final String SIGSTORE = "'type':'sigstoreSigned'";
  private static final String FULCIO =
      "'fulcio':{'caPath':'/ca','oidcIssuer':'https://i','subjectEmail':'a@b'}";

  private static String expand(String text) {
    return text.replace("KEYS", KEYS).replace("SIGSTORE", SIGSTORE).replace("FULCIO", FULCIO);
  }

  private static Policy parse(String text) throws PolicyRefusedException {
    return PolicyFile.parse(json(expand(text)), "p.json");
  }

  private static String refusal(String text) {
    return assertThrows(PolicyRefusedException.class, () -> parse(text)).getMessage();
  }

  private static Requirement only(String requirement) throws PolicyRefusedException {
    List<Requirement> list =
        List.copyOf(parse("{'default':[" + requirement + "]}").scopes().values()).getFirst();
    assertEquals(1, list.size());
    return list.getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          []                                    | expected an object, found an array
          {}                                    | /default: is missing; name at least one requirement
          {'default':[]}                        | /default: is empty; name at least one requirement
          {'default':null}                      | /default: expected an array, found null
          {'default':{}}                        | /default: expected an array, found an object
          {'default':['reject']}                | /default/0: expected an object, found a string
          {'default':[{}]}                      | /default/0/type: expected a value, found none
          {'default':[{'type':null}]}           | /default/0/type: expected a string, found null
          {'default':[{'type':'x'}]}            | /default/0/type: expected insecureAcceptAnything, reject, signedBy, sigstoreSigned or signedBaseLayer, found 'x'
          {'default':[{'type':'reject','x':1}]} | /default/0/x: unknown key, so the policy lets nothing in; known here: type
          {'default':[{'type':'insecureAcceptAnything','keyPath':'/k'}]} | /default/0/keyPath: unknown key, so the policy lets nothing in; known here: type
          {'default':[{'type':'reject'}],'Default':[]} | /Default: unknown key, so the policy lets nothing in; known here: default, transports, sealift
          {'default':[{'type':'reject'}],'transports':null} | /transports: expected an object, found null
          {'default':[{'type':'reject'}],'transports':[]} | /transports: expected an object, found an array
          {'default':[{'type':'reject'}],'transports':{'docker':[]}} | /transports/docker: expected an object, found an array
          {'default':[{'type':'reject'}],'transports':{'docker':{'r.io/a':[]}}} | /transports/docker/r.io~1a: is empty; name at least one requirement
          {'default':[{'type':'reject'}],'transports':{'docker':{'r.io/a':{}}}} | /transports/docker/r.io~1a: expected an array, found an object
          {'default':[{'type':'reject'}],'transports':{'docker':{'r.io/a':[{'type':'reject','x':1}]}}} | /transports/docker/r.io~1a/0/x: unknown key, so the policy lets nothing in; known here: type
          {'default':[{'type':'reject'}],'transports':{'never/heard':{'r.io/a':[{'type':'x'}]}}} | /transports/never~1heard/r.io~1a/0/type: expected insecureAcceptAnything, reject, signedBy, sigstoreSigned or signedBaseLayer, found 'x'
          {'default':[{'type':'reject'}],'transports':{'oci':{'images':[{'type':'reject'}]}}} | /transports/oci/images: expected an absolute path
          {'default':[{'type':'reject'}],'transports':{'oci':{'/':[{'type':'reject'}]}}} | /transports/oci/~1: "/" would mean the same as ""; use ""
          {'default':[{'type':'reject'}],'transports':{'oci-archive':{'/a/../b':[{'type':'reject'}]}}} | /transports/oci-archive/~1a~1..~1b: write it as /b
          {'default':[{'type':'reject'}],'transports':{'dir':{'/a/':[{'type':'reject'}]}}} | /transports/dir/~1a~1: write it as /a
          {'default':[{'type':'reject'}],'transports':{'sif':{'a':[{'type':'reject'}]}}} | /transports/sif/a: expected an absolute path
          {'default':[{'type':'reject'}],'transports':{'tarball':{'/a':[{'type':'reject'}]}}} | /transports/tarball/~1a: this transport has no scopes but ""
          {'default':[{'type':'reject'}],'transports':{'docker-archive':{'a':[{'type':'reject'}]}}} | /transports/docker-archive/a: this transport has no scopes but ""
          {'default':[{'type':'reject'}],'sealift':[]} | /sealift: expected an object, found an array
          {'default':[{'type':'reject'}],'sealift':{'alow':[]}} | /sealift/alow: unknown key, so the policy lets nothing in; known here: allow
          {'default':[{'type':'reject'}],'sealift':{'allow':[]}} | /sealift/allow: is empty; name at least one
          {'default':[{'type':'reject'}],'sealift':{'allow':'plain+signed'}} | /sealift/allow: expected an array, found a string
          {'default':[{'type':'reject'}],'sealift':{'allow':['plain']}} | /sealift/allow/0: expected one of encrypted+signed, encrypted+unsigned, plain+signed, plain+unsigned, found 'plain'
          {'default':[{'type':'reject'}],'sealift':{'allow':['plain+signed','plain+signed']}} | /sealift/allow/1: 'plain+signed' is there twice
          """)
  void refusesWhatItDoesNotUnderstandWithItsPlace(String text, String message) {
    assertEquals("read policy p.json: " + message, refusal(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {KEYS}                                          | : expected exactly one of keyPath, keyPaths and keyData
          {'type':'signedBy','keyPath':'/k'}              | /keyType: expected a value, found none
          {'type':'signedBy','keyType':'gpgkeys','keyPath':'/k'} | /keyType: expected one of GPGKeys, signedByGPGKeys, X509Certificates, signedByX509CAs, found 'gpgkeys'
          {'type':'signedBy','keyType':1,'keyPath':'/k'}  | /keyType: expected a string, found a number
          {KEYS,'keyPath':'/k','keyData':'YQ=='}          | /keyData: expected one of keyPath, keyPaths and keyData, found keyPath as well
          {KEYS,'keyPaths':['/k'],'keyPath':'/k'}         | /keyPath: expected one of keyPath, keyPaths and keyData, found keyPaths as well
          {KEYS,'keyPath':''}                             | /keyPath: is empty
          {KEYS,'keyPath':null}                           | /keyPath: expected a string, found null
          {KEYS,'keyPath':['/k']}                         | /keyPath: expected a string, found an array
          {KEYS,'keyPaths':'/k'}                          | /keyPaths: expected an array, found a string
          {KEYS,'keyPaths':[]}                            | /keyPaths: is empty; name at least one
          {KEYS,'keyPaths':['/k',1]}                      | /keyPaths/1: expected a string, found a number
          {KEYS,'keyData':1}                              | /keyData: expected a string, found a number
          {KEYS,'keyData':''}                             | /keyData: is empty
          {KEYS,'keyData':'YQ='}                          | /keyData: expected base64 with its padding, or PEM text
          {KEYS,'keyDatas':['YQ==']}                      | /keyDatas: unknown key, so the policy lets nothing in; known here: type, keyType, keyPath, keyPaths, keyData, signedIdentity
          {KEYS,'keyPath':'/k','fulcio':{}}               | /fulcio: unknown key, so the policy lets nothing in; known here: type, keyType, keyPath, keyPaths, keyData, signedIdentity
          {KEYS,'keyPath':'/k','sealift':{}}              | /sealift: unknown key, so the policy lets nothing in; known here: type, keyType, keyPath, keyPaths, keyData, signedIdentity
          {KEYS,'keyPath':'/k','signedIdentity':null}     | /signedIdentity: expected an object, found null
          {KEYS,'keyPath':'/k','signedIdentity':'matchExact'} | /signedIdentity: expected an object, found a string
          {KEYS,'keyPath':'/k','signedIdentity':{}}       | /signedIdentity/type: expected a value, found none
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'x'}} | /signedIdentity/type: expected matchExact, matchRepoDigestOrExact, matchRepository, exactReference, exactRepository or remapIdentity, found 'x'
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'matchExact','x':1}} | /signedIdentity/x: unknown key, so the policy lets nothing in; known here: type
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'matchRepository','prefix':'a'}} | /signedIdentity/prefix: unknown key, so the policy lets nothing in; known here: type
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactReference'}} | /signedIdentity/dockerReference: expected a value, found none
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactReference','dockerReference':'library/busybox'}} | /signedIdentity/dockerReference: expected a tag or a digest in 'library/busybox'
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactReference','dockerReference':'r.io:5000/busybox'}} | /signedIdentity/dockerReference: expected a tag or a digest in 'r.io:5000/busybox'
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactReference','dockerReference':'UP:latest'}} | /signedIdentity/dockerReference: read reference 'UP:latest': the repository 'UP' is not lower-case letters and digits joined by . _ __ - and /
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactRepository','dockerRepository':'UP'}} | /signedIdentity/dockerRepository: read reference 'UP': the repository 'UP' is not lower-case letters and digits joined by . _ __ - and /
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactRepository','dockerReference':'a'}} | /signedIdentity/dockerReference: unknown key, so the policy lets nothing in; known here: type, dockerRepository
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'remapIdentity','prefix':'a.example'}} | /signedIdentity/signedPrefix: expected a value, found none
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'remapIdentity','prefix':'a.example/b:t','signedPrefix':'c'}} | /signedIdentity/prefix: expected HOST[:PORT][/PATH] without tag and digest, found 'a.example/b:t'
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'remapIdentity','prefix':'a.example','signedPrefix':'c/'}} | /signedIdentity/signedPrefix: expected HOST[:PORT][/PATH] without tag and digest, found 'c/'
          {'type':'signedBaseLayer'}                      | /baseLayerIdentity: expected a value, found none
          {'type':'signedBaseLayer','baseLayerIdentity':null} | /baseLayerIdentity: expected an object, found null
          {'type':'signedBaseLayer','baseLayerIdentity':{'type':'matchExact'},'x':1} | /x: unknown key, so the policy lets nothing in; known here: type, baseLayerIdentity
          {SIGSTORE}                                      | : expected exactly one of keyPath, keyPaths, keyData, keyDatas, fulcio and pki
          {SIGSTORE,'keyType':'GPGKeys','keyPath':'/k'}   | /keyType: unknown key, so the policy lets nothing in; known here: type, keyPath, keyPaths, keyData, keyDatas, fulcio, pki, rekorPublicKeyPath, rekorPublicKeyPaths, rekorPublicKeyData, rekorPublicKeyDatas, signedIdentity, sealift
          {SIGSTORE,'keyPath':'/k','keyPaths':['/l']}     | /keyPaths: expected one of keyPath, keyPaths, keyData, keyDatas, fulcio and pki, found keyPath as well
          {SIGSTORE,'keyDatas':[]}                        | /keyDatas: is empty; name at least one
          {SIGSTORE,'keyDatas':['YQ==','!']}              | /keyDatas/1: expected base64 with its padding, or PEM text
          {SIGSTORE,FULCIO,'keyPath':'/k'}                | /keyPath: expected one of keyPath, keyPaths, keyData, keyDatas, fulcio and pki, found fulcio as well
          {SIGSTORE,FULCIO}                               | /fulcio: certificates of Fulcio need a log that saw the signature; name its key with rekorPublicKeyPath, rekorPublicKeyPaths, rekorPublicKeyData, rekorPublicKeyDatas
          {SIGSTORE,FULCIO,'rekorPublicKeyPath':'/r','rekorPublicKeyData':'YQ=='} | /rekorPublicKeyData: expected one of rekorPublicKeyPath, rekorPublicKeyPaths, rekorPublicKeyData and rekorPublicKeyDatas, found rekorPublicKeyPath as well
          {SIGSTORE,'keyPath':'/k','rekorPublicKeyPaths':[]} | /rekorPublicKeyPaths: is empty; name at least one
          {SIGSTORE,'keyPath':'/k','rekorPublicKeyDatas':{}} | /rekorPublicKeyDatas: expected an array, found an object
          {SIGSTORE,'fulcio':{},'rekorPublicKeyPath':'/r'} | /fulcio: expected exactly one of caPath and caData
          {SIGSTORE,'fulcio':{'caPath':'/c','caData':'YQ=='},'rekorPublicKeyPath':'/r'} | /fulcio/caData: expected one of caPath and caData, found caPath as well
          {SIGSTORE,'fulcio':{'caPath':'/c'},'rekorPublicKeyPath':'/r'} | /fulcio/oidcIssuer: expected a value, found none
          {SIGSTORE,'fulcio':{'caPath':'/c','oidcIssuer':'i'},'rekorPublicKeyPath':'/r'} | /fulcio/subjectEmail: expected a value, found none
          {SIGSTORE,'fulcio':{'caPath':'/c','oidcIssuer':'i','subjectEmail':'','x':1},'rekorPublicKeyPath':'/r'} | /fulcio/x: unknown key, so the policy lets nothing in; known here: caPath, caData, oidcIssuer, subjectEmail
          {SIGSTORE,'fulcio':{'caPath':'/c','oidcIssuer':'i','subjectEmail':''},'rekorPublicKeyPath':'/r'} | /fulcio/subjectEmail: is empty
          {SIGSTORE,'fulcio':{'caPath':'/c','oidcIssuer':'i','subjectURI':'u'},'rekorPublicKeyPath':'/r'} | /fulcio/subjectURI: unknown key, so the policy lets nothing in; known here: caPath, caData, oidcIssuer, subjectEmail
          {SIGSTORE,'pki':{}}                             | /pki: expected subjectEmail, subjectHostname or both, found neither
          {SIGSTORE,'pki':{'subjectEmail':'a@b'}}         | /pki: expected exactly one of caRootsPath and caRootsData
          {SIGSTORE,'pki':{'caRootsPath':'/c','caRootsData':'YQ==','subjectEmail':'a@b'}} | /pki/caRootsData: expected one of caRootsPath and caRootsData, found caRootsPath as well
          {SIGSTORE,'pki':{'caRootsPath':'/c','caIntermediatesPath':'/i','caIntermediatesData':'YQ==','subjectEmail':'a@b'}} | /pki/caIntermediatesData: expected one of caIntermediatesPath and caIntermediatesData, found caIntermediatesPath as well
          {SIGSTORE,'pki':{'caRootsPath':'/c'}}           | /pki: expected subjectEmail, subjectHostname or both, found neither
          {SIGSTORE,'pki':{'caRootsPath':'/c','subjectHostname':'h'},'rekorPublicKeyPath':'/r'} | /rekorPublicKeyPath: is of no use with pki; leave it out
          {SIGSTORE,'keyPath':'/k','sealift':{'x':1}}     | /sealift/x: unknown key, so the policy lets nothing in; known here: subjectURI, trustedRoot, predicateType
          {SIGSTORE,'keyPath':'/k','sealift':{'subjectURI':'u'}} | /sealift/subjectURI: has a meaning only with fulcio
          {SIGSTORE,FULCIO,'rekorPublicKeyPath':'/r','sealift':{'subjectURI':'u'}} | /fulcio/subjectEmail: expected one subject, found sealift/subjectURI as well
          {SIGSTORE,'keyPath':'/k','sealift':{'predicateType':''}} | /sealift/predicateType: is empty
          {SIGSTORE,'keyPath':'/k','sealift':{'trustedRoot':{}}} | /keyPath: expected one anchor, found sealift/trustedRoot as well
          {SIGSTORE,'sealift':{'trustedRoot':{}}}         | /sealift/trustedRoot: expected exactly one of subjectEmail and subjectURI
          {SIGSTORE,'sealift':{'trustedRoot':{'path':'/t','subjectURI':'u'}}} | /sealift/trustedRoot/oidcIssuer: expected a value, found none
          {SIGSTORE,'sealift':{'trustedRoot':{'oidcIssuer':'i','subjectURI':'u'}}} | /sealift/trustedRoot: expected exactly one of path and data
          {SIGSTORE,'sealift':{'trustedRoot':{'path':'/t','oidcIssuer':'i','subjectURI':'u','subjectEmail':'e'}}} | /sealift/trustedRoot/subjectEmail: expected one of subjectEmail and subjectURI, found subjectURI as well
          {SIGSTORE,'sealift':{'trustedRoot':{'path':'/t','oidcIssuer':'i','subjectURI':'u'}},'rekorPublicKeyPath':'/r'} | /rekorPublicKeyPath: is of no use with sealift/trustedRoot; leave it out
          {SIGSTORE,'sealift':{'subjectURI':'u','trustedRoot':{'path':'/t','oidcIssuer':'i','subjectURI':'u'}}} | /sealift/subjectURI: has a meaning only with fulcio
          """)
  void refusesRequirementsThatAreNotQuiteRight(String requirement, String message) {
    assertEquals(
        "read policy p.json: /default/0" + message, refusal("{'default':[" + requirement + "]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {'type':'insecureAcceptAnything'} | InsecureAcceptAnything[]
          {'type':'reject'}                 | Reject[]
          {KEYS,'keyPath':'/k'}             | SignedBy[keys=[At[uri=/k]], identity=null]
          {KEYS,'keyPath':'kbs:///a/b/c'}   | SignedBy[keys=[At[uri=kbs:///a/b/c]], identity=null]
          {KEYS,'keyPaths':['/k','file:///l']} | SignedBy[keys=[At[uri=/k], At[uri=file:///l]], identity=null]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'matchExact'}} | SignedBy[keys=[At[uri=/k]], identity=MatchExact[]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'matchRepoDigestOrExact'}} | SignedBy[keys=[At[uri=/k]], identity=MatchRepoDigestOrExact[]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'matchRepository'}} | SignedBy[keys=[At[uri=/k]], identity=MatchRepository[]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactReference','dockerReference':'busybox:1'}} | SignedBy[keys=[At[uri=/k]], identity=ExactReference[reference=docker.io/library/busybox:1]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactRepository','dockerRepository':'busybox'}} | SignedBy[keys=[At[uri=/k]], identity=ExactRepository[repository=docker.io/library/busybox]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'exactRepository','dockerRepository':'r.io/a:t'}} | SignedBy[keys=[At[uri=/k]], identity=ExactRepository[repository=r.io/a]]
          {KEYS,'keyPath':'/k','signedIdentity':{'type':'remapIdentity','prefix':'m.example:5000/v','signedPrefix':'v.example'}} | SignedBy[keys=[At[uri=/k]], identity=RemapIdentity[prefix=m.example:5000/v, signedPrefix=v.example]]
          {'type':'signedBy','keyType':'signedByGPGKeys','keyPath':'/k'} | Unchecked[type=signedBy, what=keys of the type signedByGPGKeys]
          {'type':'signedBy','keyType':'X509Certificates','keyPath':'/k'} | Unchecked[type=signedBy, what=keys of the type X509Certificates]
          {'type':'signedBy','keyType':'signedByX509CAs','keyPath':'/k'} | Unchecked[type=signedBy, what=keys of the type signedByX509CAs]
          {'type':'signedBaseLayer','baseLayerIdentity':{'type':'matchRepository'}} | Unchecked[type=signedBaseLayer, what=base layers]
          {SIGSTORE,'keyPath':'/k'}         | SigstoreSigned[anchor=PublicKeys[keys=[At[uri=/k]]], rekorKeys=[], identity=null, predicateType=null]
          {SIGSTORE,'keyPaths':['/k','/l'],'rekorPublicKeyPath':'/r'} | SigstoreSigned[anchor=PublicKeys[keys=[At[uri=/k], At[uri=/l]]], rekorKeys=[At[uri=/r]], identity=null, predicateType=null]
          {SIGSTORE,FULCIO,'rekorPublicKeyPaths':['/r','/s'],'signedIdentity':{'type':'matchRepository'}} | SigstoreSigned[anchor=Fulcio[ca=At[uri=/ca], oidcIssuer=https://i, subjectEmail=a@b, subjectUri=null], rekorKeys=[At[uri=/r], At[uri=/s]], identity=MatchRepository[], predicateType=null]
          {SIGSTORE,'fulcio':{'caPath':'/ca','oidcIssuer':'i'},'rekorPublicKeyPath':'/r','sealift':{'subjectURI':'https://w'}} | SigstoreSigned[anchor=Fulcio[ca=At[uri=/ca], oidcIssuer=i, subjectEmail=null, subjectUri=https://w], rekorKeys=[At[uri=/r]], identity=null, predicateType=null]
          {SIGSTORE,'pki':{'caRootsPath':'/c','subjectEmail':'a@b'}} | SigstoreSigned[anchor=Pki[caRoots=At[uri=/c], caIntermediates=null, subjectEmail=a@b, subjectHostname=null], rekorKeys=[], identity=null, predicateType=null]
          {SIGSTORE,'pki':{'caRootsPath':'/c','caIntermediatesPath':'/i','subjectEmail':'a@b','subjectHostname':'h'}} | SigstoreSigned[anchor=Pki[caRoots=At[uri=/c], caIntermediates=At[uri=/i], subjectEmail=a@b, subjectHostname=h], rekorKeys=[], identity=null, predicateType=null]
          {SIGSTORE,'keyPath':'/k','sealift':{'predicateType':'https://slsa.dev/provenance/v1'}} | SigstoreSigned[anchor=PublicKeys[keys=[At[uri=/k]]], rekorKeys=[], identity=null, predicateType=https://slsa.dev/provenance/v1]
          {SIGSTORE,'sealift':{'trustedRoot':{'path':'/t','oidcIssuer':'i','subjectEmail':'a@b'}}} | SigstoreSigned[anchor=TrustedRoot[file=At[uri=/t], oidcIssuer=i, subjectEmail=a@b, subjectUri=null], rekorKeys=[], identity=null, predicateType=null]
          {SIGSTORE,'sealift':{'trustedRoot':{'path':'/t','oidcIssuer':'i','subjectURI':'u'},'predicateType':'p'}} | SigstoreSigned[anchor=TrustedRoot[file=At[uri=/t], oidcIssuer=i, subjectEmail=null, subjectUri=u], rekorKeys=[], identity=null, predicateType=p]
          """)
  void readsEveryTypeOfRequirement(String requirement, String expected) throws Exception {
    assertEquals(expected, only(requirement).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          YWJj                         | abc
          YW\\nJj\\r\\n                | abc
          YQ==                         | a
          -----BEGIN PUBLIC KEY-----\\nYQ==\\n-----END PUBLIC KEY-----\\n | -----BEGIN PUBLIC KEY-----\\nYQ==\\n-----END PUBLIC KEY-----\\n
          """)
  void dataIsBase64OrPem(String text, String expected) throws Exception {
    Requirement.SigstoreSigned requirement =
        assertInstanceOf(
            Requirement.SigstoreSigned.class,
            only("{SIGSTORE,'keyDatas':['YWJj','" + text + "']}"));
    Material key =
        assertInstanceOf(TrustAnchor.PublicKeys.class, requirement.anchor()).keys().get(1);
    assertEquals("/default/0/keyDatas/1", key.name());
    byte[] bytes = assertInstanceOf(Material.Given.class, key).bytes();
    assertEquals(expected.replace("\\n", "\n"), new String(bytes, StandardCharsets.UTF_8));
  }

  @Test
  void everyDataKeyIsDecoded() throws Exception {
    Requirement.SigstoreSigned fulcio =
        (Requirement.SigstoreSigned)
            only(
                "{SIGSTORE,'fulcio':{'caData':'YQ==','oidcIssuer':'i','subjectEmail':'e'},"
                    + "'rekorPublicKeyDatas':['Yg==','Yw==']}");
    assertEquals("a b c", contents(fulcio));
    Requirement.SigstoreSigned pki =
        (Requirement.SigstoreSigned)
            only(
                "{SIGSTORE,'pki':{'caRootsData':'YQ==','caIntermediatesData':'Yg==',"
                    + "'subjectEmail':'e'}}");
    assertEquals("a b", contents(pki));
    Requirement.SigstoreSigned root =
        (Requirement.SigstoreSigned)
            only(
                "{SIGSTORE,'sealift':{'trustedRoot':{'data':'e30=','oidcIssuer':'i',"
                    + "'subjectEmail':'e'}}}");
    assertEquals("{}", contents(root));
  }

  private static String contents(Requirement.Signed requirement) {
    return String.join(
        " ",
        requirement.materials().stream()
            .map(
                material -> new String(((Material.Given) material).bytes(), StandardCharsets.UTF_8))
            .toList());
  }

  @Test
  void keepsScopesOfTransportsThatItDoesNotKnow() throws Exception {
    Policy policy =
        parse(
            "{'default':[{'type':'reject'}],'transports':{'docker':{'':[{'type':'reject'}],"
                + "'*.io':[{'type':'reject'}]},'of the future':{'&?':[{'type':'reject'}]},'oci':{}}}");
    assertEquals(List.of("docker", "of the future", "oci"), policy.transports());
    assertEquals(
        List.of(
            Scope.DEFAULT,
            new Scope("docker", ""),
            new Scope("docker", "*.io"),
            new Scope("of the future", "&?")),
        List.copyOf(policy.scopes().keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}                                             | encrypted+signed, plain+signed",
        "{'allow':['plain+unsigned','encrypted+signed']} | encrypted+signed, plain+unsigned",
      })
  void readsWhichKindsOfImageMayEnter(String extension, String expected) throws Exception {
    Policy policy = parse("{'default':[{'type':'reject'}],'sealift':" + extension + "}");
    assertEquals(expected, policy.allowance().map(Allowance::toString).orElse("all"));
  }

  @Test
  void saysNothingOfKindsWhenTheFileDoesNot() throws Exception {
    assertTrue(parse("{'default':[{'type':'reject'}]}").allowance().isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'default':[{'type':'reject'}],'default':[{'type':'insecureAcceptAnything'}]}",
        "{'default':[{'type':'reject','type':'insecureAcceptAnything'}]}",
        "{'default':[{'type':'reject'}],'transports':{},'transports':{}}",
        "{'default':[{'type':'reject'}],'transports':{'docker':{'a.b':[{'type':'reject'}],'a.b':[{'type':'reject'}]}}}",
        "{'default':[{KEYS,'keyPath':'/k','keyPath':'/l'}]}",
        "{'default':[{KEYS,'keyPath':'/k','signedIdentity':{'type':'matchExact','type':'matchRepository'}}]}",
        "{'default':[{'type':'reject'}]} {}",
        "{'default':[{'type':'reject'}],}",
        "{'default':[{'type':'reject'}",
        "^^",
      })
  void refusesKeysThatAreThereTwiceAndWhatIsNotJson(String text) {
    String message = refusal(text);
    assertTrue(message.startsWith("read policy p.json: "), message);
  }

  @Test
  void boundsItsFile() {
    byte[] text = json("{'default':[{'type':'reject'}]}" + " ".repeat(1 << 20));
    assertEquals(
        "read policy p.json: 1048607 bytes are more than the 1048576 allowed",
        assertThrows(PolicyRefusedException.class, () -> PolicyFile.parse(text, "p.json"))
            .getMessage());
  }

  @Test
  void boundsItsDepth() {
    assertTrue(refusal("{'default':" + "[".repeat(100_000)).contains("not sound JSON"));
  }
}
