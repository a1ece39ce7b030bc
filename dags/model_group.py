"""The dbt project as a group of tasks: one dbt process does the work, each model has a task that shows how it went.

In: the settings, and the manifest that `dbt parse` left in <home>/dbt/target. Out: a task group. Parsing starts no dbt.
Seeds and data tests run inside the one process, in dbt's own order, and fail it; they have no tasks of their own.
"""

from __future__ import annotations

# Airflow first: importing cosmos alone ends in a circular import.
from airflow.sdk import TaskGroup
from cosmos import DbtTaskGroup, ExecutionConfig, ProfileConfig, ProjectConfig, RenderConfig
from cosmos.constants import ExecutionMode, InvocationMode, LoadMode, SeedRenderingBehavior, TestBehavior

from tiendo.operate.settings import Settings


def model_group(settings: Settings) -> TaskGroup:
    """The group `dbt`; call it inside a DAG."""
    project = settings.checkout / "dbt_project"
    return DbtTaskGroup(
        group_id="dbt",
        project_config=ProjectConfig(
            project,
            manifest_path=settings.home / "dbt" / "target" / "manifest.json",
            project_name="tiendo",
            install_dbt_deps=False,
        ),
        profile_config=ProfileConfig(
            profile_name="tiendo", target_name="warehouse", profiles_yml_filepath=project / "profiles.yml"
        ),
        execution_config=ExecutionConfig(
            execution_mode=ExecutionMode.WATCHER,
            # A process of its own tells Airflow what dbt logs; inside the task every internal event of every node would
            # be told, each by a call to the API server, and the build would take three times as long.
            invocation_mode=InvocationMode.SUBPROCESS,
            dbt_executable_path=settings.platform_env / "bin" / "dbt",
            # Every task reads the manifest as it starts: a build that wrote it anew would be read half written.
            setup_operator_args={"dbt_cmd_flags": ["--resource-type", "test", "--no-write-json"]},
        ),
        render_config=RenderConfig(
            load_method=LoadMode.DBT_MANIFEST,
            test_behavior=TestBehavior.NONE,
            seed_rendering_behavior=SeedRenderingBehavior.NONE,
            emit_datasets=False,
        ),
        # A task that waits in its worker costs less than one that is put away and started again for each model.
        # The flag is for a try that runs dbt by itself after all.
        operator_args={"deferrable": False, "poke_interval": 1, "dbt_cmd_flags": ["--no-write-json"]},
        # A second try would run models one by one, past the data tests: a build that failed is started anew.
        default_args={"retries": 0},
    )
