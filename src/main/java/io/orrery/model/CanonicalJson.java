package io.orrery.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Canonical JSON: members sorted by name, strings without needless escapes, numbers with a fraction or an exponent
 * normalised by value. A number with neither stays a different value: 1 is not 1.0.
 */
final class CanonicalJson {
    private static final JsonFactory FACTORY = JsonReading.factory(0).build();

    /** A decimal between these powers of ten is written without an exponent. */
    private static final int SMALLEST = -7;

    private static final int LARGEST = 21;

    /** A longer exponent, counted with its e, stays as written. */
    private static final int MOST_OF_AN_EXPONENT = 18;

    private CanonicalJson() {}

    /** @param json valid and compact; returned unchanged if a quick look shows that it is canonical already */
    static String of(String json) {
        char first = json.charAt(0);
        switch (first) {
            case '"':
                return json.indexOf('\\') < 0 ? json : written(json);
            case '{', '[':
                return json.length() == 2 ? json : written(json);
            default:
                return first == '-' || Character.isDigit(first) ? number(json) : json;
        }
    }

    private static String written(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            StringBuilder out = new StringBuilder(json.length());
            append(tree(parser), out);
            return out.toString();
        } catch (IOException e) {
            throw new IllegalStateException("a value that is not JSON: " + json, e);
        }
    }

    /** What begins at the parser: canonical JSON as a string, or a list or map of such strings. */
    private static Object tree(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                Map<String, Object> members = new TreeMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    members.put(name, tree(parser));
                }
                return members;
            case START_ARRAY:
                List<Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(tree(parser));
                }
                return elements;
            case VALUE_STRING:
                return Value.of(parser.getText()).json();
            default:
                return parser.currentToken().isNumeric() ? number(parser.getText()) : parser.getText();
        }
    }

    private static void append(Object tree, StringBuilder out) {
        if (tree instanceof Map<?, ?> members) {
            char before = '{';
            for (Map.Entry<?, ?> member : members.entrySet()) {
                out.append(before)
                        .append(Value.of((String) member.getKey()).json())
                        .append(':');
                append(member.getValue(), out);
                before = ',';
            }
            out.append(members.isEmpty() ? "{}" : "}");
        } else if (tree instanceof List<?> elements) {
            char before = '[';
            for (Object element : elements) {
                out.append(before);
                append(element, out);
                before = ',';
            }
            out.append(elements.isEmpty() ? "[]" : "]");
        } else {
            out.append(tree);
        }
    }

    // Works on the text, not on a Java number, so that a million digits or an exponent of ten digits cost nothing.
    private static String number(String text) {
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        int point = text.indexOf('.');
        if (e < 0 && point < 0) {
            return text.equals("-0") ? "0" : text;
        }
        String sign = text.startsWith("-") ? "-" : "";
        int end = e < 0 ? text.length() : e;
        String whole = text.substring(sign.length(), point < 0 ? end : point);
        String fraction = point < 0 ? "" : text.substring(point + 1, end);
        if (text.length() - end > MOST_OF_AN_EXPONENT) {
            return text;
        }
        long exponent = e < 0 ? 0 : Long.parseLong(text.substring(e + 1));
        String all = whole + fraction;
        int from = 0;
        while (from < all.length() && all.charAt(from) == '0') {
            from++;
        }
        int to = all.length();
        while (to > from && all.charAt(to - 1) == '0') {
            to--;
        }
        // It is 0.DIGITS times ten to the magnitude.
        String digits = all.substring(from, to);
        return digits.isEmpty() ? "0.0" : sign + decimal(digits, exponent + whole.length() - from);
    }

    private static String decimal(String digits, long magnitude) {
        int length = digits.length();
        if (magnitude < SMALLEST || magnitude > LARGEST) {
            String rest = length == 1 ? "0" : digits.substring(1);
            return digits.charAt(0) + "." + rest + "e" + (magnitude - 1);
        }
        int point = (int) magnitude;
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        return point >= length
                ? digits + "0".repeat(point - length) + ".0"
                : digits.substring(0, point) + "." + digits.substring(point);
    }
}
