package io.orrery.history;

import io.orrery.model.Value;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as Clojure's reader accepts them, in canonical form: {@code 0x1F} is 31, {@code 2/4} is {@code 1/2}. */
final class EdnNumbers {
    private static final Pattern WHOLE = Pattern.compile(
            "([-+]?)(?:0[xX]([0-9A-Fa-f]+)|0([0-7]+)" + "|([1-9][0-9]?)[rR]([0-9A-Za-z]+)|(0|[1-9][0-9]*))N?");
    private static final Pattern RATIO = Pattern.compile("([-+]?[0-9]+)/([0-9]+)");
    private static final Pattern DECIMAL = Pattern.compile("([-+]?)0*([0-9]+)(?:\\.([0-9]*))?([eE][-+]?[0-9]+)?(M?)");

    private EdnNumbers() {}

    static boolean isNumber(String token) {
        char c = token.charAt(0);
        boolean signed = (c == '-' || c == '+') && token.length() > 1;
        c = signed ? token.charAt(1) : c;
        return c >= '0' && c <= '9';
    }

    static Datum read(String token) {
        String number;
        try {
            number = isPlain(token) ? token : oneSpelling(token);
        } catch (ArithmeticException | NumberFormatException e) {
            number = null;
        }
        return number == null ? new Datum.Meaningless(token, token + " is not a number") : new Datum.Atom(number);
    }

    /** The fast path for most numbers. */
    private static boolean isPlain(String token) {
        boolean plain = token.charAt(0) != '0' || token.length() == 1;
        for (int i = 0; i < token.length(); i++) {
            plain &= token.charAt(i) >= '0' && token.charAt(i) <= '9';
        }
        return plain;
    }

    /** Null if it is not a number. */
    private static String oneSpelling(String token) {
        Matcher whole = WHOLE.matcher(token);
        if (whole.matches()) {
            return whole(whole);
        }
        Matcher ratio = RATIO.matcher(token);
        if (ratio.matches()) {
            return ratio(new BigInteger(ratio.group(1)), new BigInteger(ratio.group(2)));
        }
        Matcher decimal = DECIMAL.matcher(token);
        return decimal.matches() && isDecimal(decimal) ? decimal(decimal) : null;
    }

    private static String whole(Matcher number) {
        String digits = number.group(6);
        if (digits == null) {
            digits = number.group(2) != null
                    ? new BigInteger(number.group(2), 16).toString()
                    : number.group(3) != null
                            ? new BigInteger(number.group(3), 8).toString()
                            : new BigInteger(number.group(5), Integer.parseInt(number.group(4))).toString();
        }
        return number.group(1).equals("-") && !digits.equals("0") ? "-" + digits : digits;
    }

    private static String ratio(BigInteger above, BigInteger below) {
        BigInteger common = above.gcd(below);
        BigInteger denominator = below.divide(common);
        if (denominator.signum() == 0) {
            return null;
        }
        return above.divide(common) + (denominator.equals(BigInteger.ONE) ? "" : "/" + denominator);
    }

    /** 08 is not a decimal: an integer that begins with 0 is octal. */
    private static boolean isDecimal(Matcher number) {
        return number.group(3) != null
                || number.group(4) != null
                || !number.group(5).isEmpty();
    }

    private static String decimal(Matcher number) {
        String sign = number.group(1).equals("-") ? "-" : "";
        String fraction = number.group(3) == null || number.group(3).isEmpty() ? "0" : number.group(3);
        String exponent = number.group(4) == null ? "" : number.group(4);
        String json = sign + number.group(2) + "." + fraction + exponent;
        return new Value(json).canonical().json() + number.group(5);
    }
}
