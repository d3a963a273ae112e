package dev.leaven.runtime.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the files from a form that a browser or another program sends (RFC 7578). */
final class Multipart {

  /**
   * A part of a form.
   *
   * @param name the file's name, else the field's
   * @param content its bytes
   */
  record Part(String name, byte[] content) {}

  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s]{1,70}))", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");
  private static final Pattern FIELD = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final byte[] HEADERS_END = {'\r', '\n', '\r', '\n'};

  private Multipart() {}

  /**
   * The parts of a form that are not empty.
   *
   * @param type the header Content-Type
   * @param body the form
   * @throws IllegalArgumentException when the body is not such a form
   */
  static List<Part> parts(String type, byte[] body) {
    Matcher boundary = BOUNDARY.matcher(type);
    if (!boundary.find()) {
      throw new IllegalArgumentException("the multipart/form-data has no boundary");
    }
    String mark = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    byte[] first = ("--" + mark).getBytes(StandardCharsets.ISO_8859_1);
    byte[] next = ("\r\n--" + mark).getBytes(StandardCharsets.ISO_8859_1);
    int at = find(body, first, 0);
    int begin = at < 0 ? -1 : at + first.length;
    List<Part> parts = new ArrayList<>();
    while (begin >= 0 && !(is(body, begin, '-') && is(body, begin + 1, '-'))) {
      int headers = find(body, HEADERS_END, begin);
      int end = headers < 0 ? -1 : find(body, next, headers + 2);
      if (end < 0) {
        throw new IllegalArgumentException("the multipart/form-data is cut off");
      }
      int content = headers + HEADERS_END.length;
      if (content < end) {
        String head = new String(body, begin, headers - begin, StandardCharsets.UTF_8);
        parts.add(new Part(name(head), Arrays.copyOfRange(body, content, end)));
      }
      begin = end + next.length;
    }
    if (begin < 0) {
      throw new IllegalArgumentException("the multipart/form-data does not have its boundary");
    }
    return parts;
  }

  private static boolean is(byte[] body, int place, char mark) {
    return place < body.length && body[place] == mark;
  }

  private static String name(String headers) {
    Matcher file = FILE.matcher(headers);
    if (file.find()) {
      return file.group(1);
    }
    Matcher field = FIELD.matcher(headers);
    return field.find() ? field.group(1) : "image";
  }

  private static int find(byte[] in, byte[] what, int from) {
    outer:
    for (int i = Math.max(0, from); i <= in.length - what.length; i++) {
      for (int k = 0; k < what.length; k++) {
        if (in[i + k] != what[k]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }
}
