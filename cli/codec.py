"""`hotline codec`: serves the codec to the Temporal UI."""

from runtime.http import serve
from runtime.logs import set_up_logging
from runtime.shutdown import run_process
from settings import Settings


def codec() -> None:
    """Serve decryption to the Temporal UI, on loopback."""
    from runtime.codec import EncryptingCodec
    from runtime.codec_server import create_codec_app
    from runtime.master_key import MasterKeys

    settings = Settings.load()
    set_up_logging(settings)
    token = None if settings.codec_token is None else settings.codec_token.get_secret_value()
    payload_codec = EncryptingCodec(MasterKeys.load(settings))
    app = create_codec_app(payload_codec, settings.allowed_ui_origins, token)
    run_process(serve(app, settings.codec_host, settings.codec_port))
