from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crmlib.run import kernels


def test_two_threads_share_one_folder_of_sockets():
    kernels._made_runtime_dir.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        managers = list(pool.map(lambda _: kernels.WorkbenchKernelManager(), range(8)))
        folders = set(pool.map(lambda manager: Path(manager.connection_file).parent, managers))
    assert len(folders) == 1
    assert folders.pop().is_dir()


def test_every_kernel_has_sockets_and_a_file_of_its_own():
    first, second = kernels.WorkbenchKernelManager(), kernels.WorkbenchKernelManager()
    assert first.connection_file != second.connection_file
    assert not kernels.CAN_FORK or first.ip != second.ip
