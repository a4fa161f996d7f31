"""What pyHanko says of signed PDFs: one JSON object a line, for each file and each of its signatures."""

import json
import logging
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext


def judge(path, root):
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    said = []
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        for signature in reader.embedded_signatures:
            stamps = signature.sig_object.get("/Type") == "/DocTimeStamp"
            if stamps:
                status = validate_pdf_timestamp(signature, context)
                good = status.intact and status.valid and status.trusted
            else:
                status = validate_pdf_signature(signature, context)
                good = status.bottom_line
            stamp = getattr(status, "timestamp_validity", None)
            said.append(
                {
                    "timestamp": stamps,
                    "good": bool(good),
                    "trusted": bool(status.trusted),
                    "coverage": status.coverage.name,
                    "changes": status.modification_level.name if status.modification_level else None,
                    "stamped": bool(stamp and stamp.valid and stamp.trusted),
                }
            )
    return said


def main():
    logging.disable(logging.CRITICAL)
    root = load_cert_from_pemder(sys.argv[1])
    for path in sys.argv[2:]:
        try:
            line = {"file": path, "signatures": judge(path, root)}
        except Exception as error:  # whatever it is, it is pyHanko's answer to this file
            line = {"file": path, "error": f"{type(error).__name__}: {error}"}
        print(json.dumps(line))


main()
