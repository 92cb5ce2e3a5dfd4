package io.sealift.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.policy.SignedIdentity.ExactReference;
import io.sealift.policy.SignedIdentity.ExactRepository;
import io.sealift.policy.SignedIdentity.MatchExact;
import io.sealift.policy.SignedIdentity.MatchRepoDigestOrExact;
import io.sealift.policy.SignedIdentity.MatchRepository;
import io.sealift.policy.SignedIdentity.RemapIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which names in signatures count for which names that are asked for (containers-policy.json(5)).
class IdentityRulesTest {

  private static final String D =
      "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  private static final String E =
      "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  private static String expand(String name) {
    return name.replace("@D", D).replace("@E", E);
  }

  private static Requirement.Signed simple(@Nullable SignedIdentity identity) {
    return new Requirement.SignedBy(List.of(new Material.At("/k")), identity);
  }

  private static Requirement.Signed sigstore(@Nullable SignedIdentity identity) {
    return new Requirement.SigstoreSigned(
        new TrustAnchor.PublicKeys(List.of(new Material.At("/k"))), List.of(), identity, null);
  }

  /// The rule itself, for a name exactly as it stands, be it with tag, digest, both or neither.
  private static boolean counts(SignedIdentity identity, String asked, String signed)
      throws BadReferenceException {
    return new IdentityRules(simple(identity), SignedName.parse(expand(asked)))
        .objection(expand(signed))
        .isEmpty();
  }

  private static boolean exactly(String wanted, String signed) throws Exception {
    SignedName name = SignedName.parse(expand(wanted));
    return !name.isBare()
        && counts(new ExactReference(Reference.parse(expand(wanted))), "other.example/x:y", signed);
  }

  /// What a name may end with, in the order of the columns below.
  private static final List<String> ENDS =
      List.of("", ":1", ":2", "@D", "@E", ":1@D", ":2@D", ":1@E");

  /// One line for each end of the name that is asked for, one word for each end of the one that is
  /// signed: `all` rules count it, or all but the exact ones (`digest`), or only those of
  /// repositories (`repo`).
  @ParameterizedTest
  @CsvSource({
    "'',   repo   repo   repo   repo   repo   repo   repo   repo",
    ":1,   repo   all    repo   repo   repo   repo   repo   repo",
    ":2,   repo   repo   all    repo   repo   repo   repo   repo",
    "@D,   repo   digest digest all    digest digest digest digest",
    "@E,   repo   digest digest digest all    digest digest digest",
    ":1@D, repo   repo   repo   repo   repo   all    repo   repo",
    ":2@D, repo   repo   repo   repo   repo   repo   all    repo",
    ":1@E, repo   repo   repo   repo   repo   repo   repo   all",
  })
  void theEndsOfTwoNamesDecide(String end, String words) throws Exception {
    String[] expected = words.split(" +", -1);
    for (int i = 0; i < expected.length; i++) {
      for (String repository : List.of("lab.example:8443/team/app", "box")) {
        assertRules(repository + end, repository + ENDS.get(i), expected[i]);
      }
    }
  }

  /// Lines of spellings that are the same repository; those of different lines are not.
  private static final List<List<String>> REPOSITORIES =
      List.of(
          List.of(
              "box",
              "library/box",
              "docker.io/box",
              "docker.io/library/box",
              "index.docker.io/box"),
          List.of("boxes"),
          List.of("team/box", "docker.io/team/box"),
          List.of("lab.example/box"),
          List.of("lab.example:8443/box"),
          List.of("lab.example/library/box"),
          List.of("box.lab.example/box"));

  @Test
  void spellingsOfOneRepositoryAreTheSame() throws Exception {
    for (List<String> one : REPOSITORIES) {
      for (List<String> other : REPOSITORIES) {
        for (String asked : one) {
          for (String signed : other) {
            boolean same = one.equals(other);
            assertRules(asked + ":1", signed + ":1", same ? "all" : "none");
            assertRules(asked + "@D", signed + "@D", same ? "all" : "none");
            assertRules(asked + "@D", signed + ":1", same ? "digest" : "none");
            assertRules(asked, signed, same ? "repo" : "none");
          }
        }
      }
    }
  }

  /// Tags are told apart by case, and a tag that begins like another one is another.
  @ParameterizedTest
  @CsvSource({"box:a, box:A", "box:1, box:1.0", "box:1.0, box:1"})
  void similarTagsAreOthers(String asked, String signed) throws Exception {
    assertRules(asked, signed, "repo");
  }

  private static void assertRules(String asked, String signed, String word) throws Exception {
    boolean exact = word.equals("all");
    boolean repoDigestOrExact = exact || word.equals("digest");
    boolean repository = repoDigestOrExact || word.equals("repo");
    assertRules(asked, signed, exact, repoDigestOrExact, repository);
  }

  private static void assertRules(
      String asked, String signed, boolean exact, boolean repoDigestOrExact, boolean repository)
      throws Exception {
    String names = " of " + asked + " and " + signed;
    assertEquals(exact, counts(new MatchExact(), asked, signed), "matchExact" + names);
    assertEquals(exact, exactly(asked, signed), "exactReference" + names);
    assertEquals(
        repoDigestOrExact,
        counts(new MatchRepoDigestOrExact(), asked, signed),
        "matchRepoDigestOrExact" + names);
    assertEquals(
        repoDigestOrExact,
        counts(new RemapIdentity("never.example", "ever.example"), asked, signed),
        "remapIdentity of another name" + names);
    assertEquals(
        repository, counts(new MatchRepository(), asked, signed), "matchRepository" + names);
    String wanted = SignedName.parse(expand(asked)).repository();
    assertEquals(
        repository,
        counts(new ExactRepository(wanted), "other.example/x:y", signed),
        "exactRepository" + names);
  }

  @ParameterizedTest
  @CsvSource({
    "UPPER, busybox:latest",
    "busybox:latest, UPPER",
    "'', ''",
    "INVALID, INVALID",
    "busybox:latest, ''",
    "busybox:latest, busybox@sha256:12",
    "busybox:latest, 'busybox:latest '"
  })
  void namesThatCannotBeCountForNothing(String one, String other) {
    for (SignedIdentity identity :
        List.of(
            new MatchExact(),
            new MatchRepoDigestOrExact(),
            new MatchRepository(),
            new ExactRepository("docker.io/library/busybox"))) {
      boolean counted;
      try {
        counted = counts(identity, one, other);
      } catch (BadReferenceException refused) {
        counted = false;
      }
      assertEquals(false, counted, identity.type());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          docker.io                   | docker.io/image:t                  | s.example/library/image:t
          example.com                 | docker.io/image:t                  | docker.io/library/image:t
          example.com:5000            | example.com:5000/image:t           | s.example/image:t
          example.com:5000            | example.com:50000/image:t          | example.com:50000/image:t
          example.com                 | example.com:5000/image:t           | example.com:5000/image:t
          example.com                 | example.com/foo/bar:baz            | s.example/foo/bar:baz
          example.com                 | example.com/foo/bar@D              | s.example/foo/bar@D |
          example.com                 | example.com.evil.org/foo:t         | example.com.evil.org/foo:t
          docker.io/library           | docker.io/ns/image:t               | docker.io/ns/image:t
          docker.io/library           | docker.io/libraryy/image:t         | docker.io/libraryy/image:t
          docker.io/library           | busybox:t                          | s.example/busybox:t
          example.com/ns              | example.com/ns/image:t             | s.example/image:t
          example.com/ns              | example.com/ns2/image:t            | example.com/ns2/image:t
          example.com/ns              | example.com/n2/image:t             | example.com/n2/image:t
          example.com/ns              | example.com:5000/ns/image:t        | example.com:5000/ns/image:t
          example.com:5000/ns         | example.com/ns/image:t             | example.com/ns/image:t
          example.com/ns              | other.example/example.com/ns/x:t   | other.example/example.com/ns/x:t
          example.com/ns/image        | example.com/ns/imag2:t             | example.com/ns/imag2:t
          example.com/ns/image        | example.com/ns/imagee:t            | example.com/ns/imagee:t
          """)
  void remappingEndsAtAPartOfTheName(String prefix, String asked, String result) throws Exception {
    assertEquals(expand(result), remapped(prefix, "s.example", asked));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cache.example          | maker.example            | cache.example/ns/image:tag       | maker.example/ns/image:tag
          cache.example/ns       | maker.example/team  | cache.example/other/image:tag    | cache.example/other/image:tag
          cache.example          | maker.example            | mycache.example/image:tag    | mycache.example/image:tag
          docker.io               | signed.example/ns         | busybox:tag                       | signed.example/ns/library/busybox:tag
          docker.io/library       | signed.example/ns         | busybox:tag                       | signed.example/ns/busybox:tag
          docker.io/library/busybox | signed.example/ns/other | busybox:tag                       | signed.example/ns/other:tag
          cache.example          | docker.io/library         | cache.example/busybox:1          | docker.io/library/busybox:1
          cache.example          | maker.example            | cache.example/image@D            | maker.example/image@D |
          cache.example          | maker.example            | cache.example/image:tag@D        | maker.example/image:tag@D |
          cache.example/ns/image | maker.example/a          | cache.example/ns/image/cache.example/ns/image:t | maker.example/a/cache.example/ns/image:t
          cache.example/ns/image | maker.example:5000       | cache.example/ns/image:tag       | none
          cache.example/ns/image | maker.example:5000       | cache.example/ns/image@D         | none
          cache.example/ns/image | localhosts              | cache.example/ns/image:tag       | none
          cache.example          | busybox                   | cache.example/ns/image:tag       | none
          cache.example          | UPPER                     | cache.example/foo:latest         | UPPER/foo:latest
          """)
  void remappingReplacesTheBeginningOnce(
      String prefix, String signedPrefix, String asked, String result) throws Exception {
    assertEquals(expand(result), remapped(prefix, signedPrefix, asked));
  }

  private static String remapped(String prefix, String signedPrefix, String asked)
      throws Exception {
    return IdentityRules.remapped(
            new RemapIdentity(prefix, signedPrefix), SignedName.parse(expand(asked)))
        .map(SignedName::toString)
        .orElse("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          does-not-match.example | x.example         | busybox:latest          | busybox:latest             | true
          does-not-match.example | x.example         | busybox:latest          | notbusybox:latest          | false
          cache.example         | public.example    | cache.example/box:1    | public.example/box:1       | true
          cache.example         | public.example    | cache.example/box:1    | public.example/box:2       | false
          cache.example         | public.example    | cache.example/box:1    | cache.example/box:1       | false
          cache.example         | public.example    | cache.example/box@D    | public.example/box:7       | true
          cache.example         | docker.io/library | cache.example/box:1    | box:1                      | true
          docker.io/library      | original.example  | copied:latest           | original.example/copied:latest | true
          docker.io/library      | original.example  | copied:latest           | original.example/ns/copied:latest | false
          cache.example/ns/image | localhosts     | cache.example/ns/image:tag | localhosts:tag       | false
          """)
  void remappedNamesHaveToBeSigned(
      String prefix, String signedPrefix, String asked, String signed, boolean counts)
      throws Exception {
    assertEquals(counts, counts(new RemapIdentity(prefix, signedPrefix), asked, signed));
  }

  /// What an image is asked for, by kind of signature and with no rule in the policy.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r.io/a:t    | r.io/a:t    | true  | true
          r.io/a:t    | r.io/a:u    | false | false
          r.io/a:t    | r.io/a      | false | true
          r.io/a@D    | r.io/a      | false | true
          r.io/a@D    | r.io/a:u    | true  | true
          r.io/a:t@D  | r.io/a:t    | true  | true
          r.io/a:t@D  | r.io/a      | false | true
          r.io/a:t    | r.io/b      | false | false
          r.io/a:t    | other.io/a  | false | false
          r.io/a:t    | a           | false | false
          r.io/a@D    | r.io/b:t    | false | false
          """)
  void withoutARuleOnlySigstoreSignaturesMayNameTheRepositoryAlone(
      String asked, String signed, boolean simply, boolean bySigstore) throws Exception {
    SignedName name = SignedName.asked(ImageName.parse(expand(asked)));
    assertEquals(
        simply,
        new IdentityRules(simple(null), name).objection(expand(signed)).isEmpty(),
        "simple");
    assertEquals(
        bySigstore,
        new IdentityRules(sigstore(null), name).objection(expand(signed)).isEmpty(),
        "sigstore");
    assertEquals(
        simply,
        new IdentityRules(sigstore(new MatchRepoDigestOrExact()), name)
            .objection(expand(signed))
            .isEmpty(),
        "sigstore, with the rule spelled out");
  }

  /// With both tag and digest the digest counts: the bytes are pinned, and the tag is for people.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r.io/a:t@D | r.io/a:t   | matchExact             | false
          r.io/a:t@D | r.io/a:t@D | matchExact             | false
          r.io/a:t@D | r.io/a@D   | matchExact             | true
          r.io/a:t@D | r.io/a:t   | matchRepoDigestOrExact | true
          r.io/a:t@D | r.io/a:u   | matchRepoDigestOrExact | true
          r.io/a:t@D | r.io/b:t   | matchRepoDigestOrExact | false
          r.io/a:t@D | r.io/a     | matchRepository        | true
          """)
  void aNameWithTagAndDigestIsAskedForByDigest(
      String asked, String signed, String rule, boolean counts) throws Exception {
    SignedIdentity identity =
        switch (rule) {
          case "matchExact" -> new MatchExact();
          case "matchRepository" -> new MatchRepository();
          default -> new MatchRepoDigestOrExact();
        };
    assertEquals(
        counts,
        new IdentityRules(simple(identity), SignedName.asked(ImageName.parse(expand(asked))))
            .objection(expand(signed))
            .isEmpty());
  }

  /// A statement names bytes only; the repository that it was found beside stands for a name.
  @ParameterizedTest
  @CsvSource({
    "r.io/a:t, none,                   true",
    "r.io/a@D, none,                   true",
    "r.io/a:t, matchRepository,        true",
    "r.io/a:t, exactRepository r.io/a, true",
    "r.io/a:t, exactRepository r.io/b, false",
    "r.io/a:t, matchExact,             false",
    "r.io/a@D, matchExact,             false",
    "r.io/a:t, matchRepoDigestOrExact, false",
    "r.io/a@D, matchRepoDigestOrExact, false",
    "r.io/a:t, exactReference,         false",
    "r.io/a:t, remapIdentity,          false",
    "oci:/x:t, none,                   false",
    "oci:/x:t, matchRepository,        false",
    "oci:/x:t, exactRepository r.io/a, false"
  })
  void aSignatureWithoutANameCountsForItsRepository(String asked, String rule, boolean counts)
      throws Exception {
    assertEquals(
        counts,
        new IdentityRules(sigstore(rule(rule)), SignedName.asked(ImageName.parse(expand(asked))))
            .objection(null)
            .isEmpty());
  }

  /// Images outside of registries have no name that a signature could be compared with.
  @ParameterizedTest
  @CsvSource({
    "none,                   false",
    "matchExact,             false",
    "matchRepoDigestOrExact, false",
    "matchRepository,        false",
    "remapIdentity,          false",
    "exactReference,         true",
    "exactRepository r.io/a, true",
    "exactRepository r.io/b, false"
  })
  void anImageOfALayoutNeedsARuleThatNamesIt(String rule, boolean counts) throws Exception {
    for (String name : List.of("oci:/images/app:t", "oci-archive:/images/app.tar:t")) {
      SignedName asked = SignedName.asked(ImageName.parse(name));
      assertEquals(
          counts, new IdentityRules(simple(rule(rule)), asked).objection("r.io/a:t").isEmpty());
      assertEquals(
          counts, new IdentityRules(sigstore(rule(rule)), asked).objection("r.io/a:t").isEmpty());
    }
  }

  private static @Nullable SignedIdentity rule(String rule) throws Exception {
    return switch (rule) {
      case "none" -> null;
      case "matchExact" -> new MatchExact();
      case "matchRepoDigestOrExact" -> new MatchRepoDigestOrExact();
      case "matchRepository" -> new MatchRepository();
      case "exactReference" -> new ExactReference(Reference.parse("r.io/a:t"));
      case "remapIdentity" -> new RemapIdentity("r.io", "r.io");
      default -> new ExactRepository(rule.substring(rule.indexOf(' ') + 1));
    };
  }

  @Test
  void objectionsSayWhatWasWanted() throws Exception {
    SignedName asked = SignedName.parse("r.io/a:t");
    assertEquals(
        "it names r.io/a:u, wanted r.io/a:t (matchRepoDigestOrExact)",
        new IdentityRules(simple(null), asked).objection("r.io/a:u").orElseThrow());
    assertEquals(
        "it names r.io/b, wanted the repository r.io/a (matchRepository)",
        new IdentityRules(sigstore(null), asked).objection("r.io/b").orElseThrow());
    assertEquals(
        "it names r.io/b:t, wanted a name in a registry, which this image has not (matchExact)",
        new IdentityRules(simple(new MatchExact()), null).objection("r.io/b:t").orElseThrow());
    assertEquals(
        "it names r.io/b:t, wanted s.io/a:t (remapIdentity)",
        new IdentityRules(simple(new RemapIdentity("r.io", "s.io")), asked)
            .objection("r.io/b:t")
            .orElseThrow());
  }
}
