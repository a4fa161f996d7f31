import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Answers the tables with the JDK alone: AES, MD5, SHA-256, SHA1PRNG keys, and signatures the TreeMap way. */
public class WithJava {
    static final HexFormat HEX = HexFormat.of();

    public static void main(String[] arguments) throws Exception {
        Path work = Path.of(arguments[0]);
        try (PrintWriter out = new PrintWriter(work.resolve("out/java.tsv").toFile(), "UTF-8")) {
            out.print("#version\t" + System.getProperty("java.version") + "\n");
            for (String line : Files.readAllLines(work.resolve("ciphers.tsv"))) cipher(out, line.split("\t", -1));
            Map<String, String> ours = new TreeMap<>();
            for (String line : Files.readAllLines(work.resolve("ours.tsv"))) ours.put(line.split("\t")[0], line.split("\t")[1]);
            for (String line : Files.readAllLines(work.resolve("rsa.tsv"))) rsa(out, line.split("\t", -1), ours);
            for (String line : Files.readAllLines(work.resolve("digests.tsv"))) digest(out, line.split("\t", -1));
            for (String line : Files.readAllLines(work.resolve("keys.tsv"))) key(out, line.split("\t", -1));
            for (String line : Files.readAllLines(work.resolve("signs.tsv"))) sign(out, line.split("\t", -1));
        }
    }

    static String text(String hex) {
        return new String(HEX.parseHex(hex), StandardCharsets.UTF_8);
    }

    static void cipher(PrintWriter out, String[] row) throws Exception {
        if (!row[1].equals("aes")) return;
        Cipher cipher = Cipher.getInstance("AES/" + row[2].toUpperCase() + "/PKCS5Padding");
        SecretKeySpec key = new SecretKeySpec(HEX.parseHex(row[3]), "AES");
        if (row[2].equals("cbc")) cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(HEX.parseHex(row[4])));
        else cipher.init(Cipher.ENCRYPT_MODE, key);
        out.print(row[0] + "\t" + Base64.getEncoder().encodeToString(cipher.doFinal(HEX.parseHex(row[5]))) + "\n");
    }

    /** The loop of the RSAUtils class that everybody copies: doFinal over pieces of the longest length. */
    static byte[] pieces(Cipher cipher, byte[] whole, int length) throws Exception {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int at = 0; at < whole.length; at += length) {
            joined.write(cipher.doFinal(whole, at, Math.min(length, whole.length - at)));
        }
        return joined.toByteArray();
    }

    static void rsa(PrintWriter out, String[] row, Map<String, String> ours) throws Exception {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        RSAPrivateKey secret = (RSAPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(HEX.parseHex(row[3])));
        PublicKey open = factory.generatePublic(new X509EncodedKeySpec(HEX.parseHex(row[4])));
        int size = secret.getModulus().bitLength() / 8;
        byte[] plain = HEX.parseHex(row[5]);
        boolean recover = row[1].equals("recover");
        String padding = switch (row[1]) {
            case "oaep_sha256_mgf1_sha1" -> "OAEPWithSHA-256AndMGF1Padding";
            case "oaep_sha1" -> "OAEPWithSHA-1AndMGF1Padding";
            default -> "PKCS1Padding";
        };
        int overhead = padding.equals("PKCS1Padding") ? 11 : row[1].equals("oaep_sha1") ? 42 : 66;
        Cipher cipher = Cipher.getInstance("RSA/ECB/" + padding);
        cipher.init(Cipher.ENCRYPT_MODE, recover ? secret : open);
        out.print(row[0] + "\t" + Base64.getEncoder().encodeToString(pieces(cipher, plain, size - overhead)) + "\n");
        if (recover) return;
        cipher.init(Cipher.DECRYPT_MODE, secret);
        byte[] opened = pieces(cipher, Base64.getDecoder().decode(ours.get(row[0])), size);
        out.print("opened " + row[0] + "\t" + HEX.formatHex(opened) + "\n");
    }

    static void digest(PrintWriter out, String[] row) throws Exception {
        byte[] bytes = HEX.parseHex(row[3]);
        if (row[1].equals("sm3")) return;
        byte[] result;
        if (row[1].equals("hmac_sha256")) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HEX.parseHex(row[2]), "HmacSHA256"));
            result = mac.doFinal(bytes);
        } else {
            result = MessageDigest.getInstance(row[1].equals("md5") ? "MD5" : "SHA-256").digest(bytes);
        }
        out.print(row[0] + "\t" + HEX.formatHex(result) + "\n");
    }

    static void key(PrintWriter out, String[] row) throws Exception {
        if (!row[1].equals("sha1prng")) {
            byte[] md5 = MessageDigest.getInstance("MD5").digest(HEX.parseHex(row[2]));
            String text = HEX.formatHex(md5);
            if (row[1].contains("16")) text = text.substring(8, 24);
            if (row[1].endsWith("upper")) text = text.toUpperCase();
            byte[] key = row[1].equals("md5") ? md5 : text.getBytes(StandardCharsets.US_ASCII);
            out.print(row[0] + "\t" + HEX.formatHex(key) + "\n");
            return;
        }
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        SecureRandom seeded = SecureRandom.getInstance("SHA1PRNG");
        seeded.setSeed(HEX.parseHex(row[2]));
        generator.init(128, seeded);
        out.print(row[0] + "\t" + HEX.formatHex(generator.generateKey().getEncoded()) + "\n");
    }

    static void sign(PrintWriter out, String[] row) throws Exception {
        String skip = row[4], nested = row[12];
        if (!row[9].equals("md5") || skip.equals("php_falsy") || nested.equals("compact_json")) return;
        Comparator<String> order = row[1].equals("ascii_ci")
            ? String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder())
            : Comparator.naturalOrder();
        Map<String, String> sorted = new TreeMap<>(order);
        for (String field : row[14].split(",")) {
            String[] parts = field.split(":", -1);
            String value = value(parts[1], text(parts[2]), row);
            if (value != null) sorted.put(text(parts[0]), value);
        }
        StringBuilder joined = new StringBuilder();
        for (Map.Entry<String, String> entry : sorted.entrySet()) {
            if (joined.length() > 0) joined.append(text(row[3]));
            joined.append(entry.getKey()).append(text(row[2])).append(entry.getValue());
        }
        String secret = text(row[13]), beside = text(row[8]), base = joined.toString();
        String whole = switch (row[7]) {
            case "prefix" -> secret + beside + base;
            case "wrap" -> secret + base + secret;
            default -> base + beside + secret;
        };
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        String sign = HEX.formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        if (row[10].equals("upper")) sign = sign.toUpperCase();
        out.print(row[0] + "\t" + sign + "\t" + HEX.formatHex(bytes) + "\n");
    }

    /** The value as signed, or null if this profile leaves the field out. */
    static String value(String kind, String value, String[] row) {
        String skip = row[4];
        switch (kind) {
            case "null":
                return skip.equals("none") ? (row[5].equals("null") ? String.valueOf((Object) null) : "") : null;
            case "number":
                if (row[11].equals("java_double")) return String.valueOf(Double.parseDouble(value));
                if (row[11].equals("fixed2")) {
                    return new BigDecimal(value).setScale(2, RoundingMode.HALF_UP).toPlainString();
                }
                return value;
            case "text":
                String kept = row[6].equals("1") ? value.trim() : value;
                if (skip.equals("empty") && kept.isEmpty()) return null;
                if (skip.equals("blank") && kept.chars().allMatch(Character::isWhitespace)) return null;
                return kept;
            default:
                return value;
        }
    }
}
