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


class RunFailedError(OperateError):
    """A DAG run in Airflow did not succeed."""

    exit_code = 1
