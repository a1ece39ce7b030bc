"""The errors of this room. Each carries its whole sentence, in Vietnamese and in English, and what to do."""


class OperateError(Exception):
    """Something of the machine or of a service is at fault (exit code 3)."""

    exit_code = 3


class PortTakenError(OperateError):
    """Another program listens where one of ours has to."""

    def __init__(self, port: int, variable: str, service: str) -> None:
        super().__init__(
            f"cổng {port} ({service}) đang bị chương trình khác dùng. Hãy dừng nó, hoặc đặt {variable} là cổng khác.\n"
            f"        port {port} ({service}) is taken by another program. Stop it, or set {variable} to another port."
        )


class ServiceError(OperateError):
    """A service did not start, did not answer or stopped."""


class WrongPasswordError(ServiceError):
    """PostgreSQL answers, and not to the superuser's password that we keep."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL trả lời nhưng không nhận mật khẩu đang giữ: có lẽ ổ postgres cũ hơn ổ secrets-all; "
            "hãy đưa một bản sao lưu vào bản cài trống (docker/stack restore).\n"
            "        PostgreSQL answers but refuses the password that is kept: the volume postgres may be older than "
            "secrets-all; restore a backup into an empty house (docker/stack restore)."
        )


class RunFailedError(OperateError):
    """A DAG run in Airflow did not succeed."""

    exit_code = 1
