import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates PDFs against one profile of veraPDF, all in one virtual machine: `Validate ua1 FILE…`. Writes a line per
 * file, `FILE checks N`, then a line per broken rule, `FILE rule CLAUSE-TEST COUNT MESSAGE`, separated by tabs. The exit
 * code is 0 when every file was looked at, broken rules or not.
 */
public class Validate {
  public static void main(String[] args) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    PDFAFlavour flavour = PDFAFlavour.fromString(args[0]);
    for (int i = 1; i < args.length; i++) validate(args[i], flavour);
  }

  private static void validate(String file, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      System.out.println(file + "\tchecks\t" + result.getTotalAssertions());
      Map<String, Integer> counts = new TreeMap<>();
      Map<String, String> messages = new TreeMap<>();
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() != TestAssertion.Status.FAILED) continue;
        String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
        counts.merge(rule, 1, Integer::sum);
        messages.putIfAbsent(rule, assertion.getMessage() + " @ " + assertion.getLocation().getContext());
      }
      for (Map.Entry<String, Integer> entry : counts.entrySet()) {
        String message = messages.get(entry.getKey()).replaceAll("\\s+", " ");
        System.out.println(file + "\trule\t" + entry.getKey() + "\t" + entry.getValue() + "\t" + message);
      }
      if (!result.isCompliant() && counts.isEmpty()) System.out.println(file + "\trule\tnone\t1\tnot compliant");
    }
  }
}
