"""Signs a PDF with pyHanko, with timestamps and certificates for long-term validation: sign.py KEYS IN OUT."""

import logging
import sys
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


def main():
    logging.disable(logging.CRITICAL)
    keys, source, target = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    load = lambda name: load_cert_from_pemder(keys / f"{name}.pem")
    store = SimpleCertificateStore()
    store.register_multiple([load("issuing"), load("root")])
    signer = signers.SimpleSigner.load(
        str(keys / "rsa.key"), str(keys / "rsa.pem"), ca_chain_files=(str(keys / "issuing.pem"),)
    )
    stamper = DummyTimeStamper(
        tsa_cert=load("tsa"),
        tsa_key=load_private_key_from_pemder(keys / "tsa.key", passphrase=None),
        certs_to_embed=store,
    )
    context = ValidationContext(trust_roots=[load("root")], other_certs=[load("issuing")], allow_fetching=False)
    meta = PdfSignatureMetadata(
        field_name="Signature1",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
        # Everything goes into the store before the closing timestamp, so that nothing comes after it.
        dss_settings=DSSContentSettings(
            include_vri=False,
            next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        ),
    )
    with open(source, "rb") as file, open(target, "wb") as out:
        writer = IncrementalPdfFileWriter(file)
        signers.sign_pdf(writer, meta, signer=signer, timestamper=stamper, output=out)


main()
