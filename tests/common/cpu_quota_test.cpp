#include "common/cpu_quota.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

class CpuQuota : public ::testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    write_file(root_ / path, text);
  }

  testing::TemporaryFolder root_;
};

TEST_F(CpuQuota, OfVersion2IsItsTimeByItsPeriod) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "150000 100000\n");
  EXPECT_EQ(cpu_quota(root_ / ""), 1.5);
}

TEST_F(CpuQuota, OfVersion2IsTheLeastOfAllGroupsAbove) {
  write("proc/self/cgroup", "0::/machine/job/step\n");
  write("sys/fs/cgroup/machine/cpu.max", "400000 100000\n");
  write("sys/fs/cgroup/machine/job/cpu.max", "200000 100000\n");
  write("sys/fs/cgroup/machine/job/step/cpu.max", "max 100000\n");
  EXPECT_EQ(cpu_quota(root_ / ""), 2);
}

TEST_F(CpuQuota, OfVersion1IsInTwoFiles) {
  write("proc/self/cgroup", "9:name=systemd:/\n4:cpuset:/\n3:cpu,cpuacct:/docker/abc\n");
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "50000\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(root_ / ""), 0.5);
}

// Where the path is that of the group outside of the container, its own files are those of the root.
TEST_F(CpuQuota, OfAContainerMayLieAtTheRoot) {
  write("proc/self/cgroup", "5:cpu:/docker/abc\n0::/docker/abc\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000\n");
  write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpu_quota(root_ / ""), 3);
}

TEST_F(CpuQuota, IsNoneWhereThereIsNoLimit) {
  EXPECT_FALSE(cpu_quota(root_ / "")) << "no groups at all";
  write("proc/self/cgroup", "0::/user.slice\nnonsense\n");
  EXPECT_FALSE(cpu_quota(root_ / "")) << "no files";
  write("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
  EXPECT_FALSE(cpu_quota(root_ / ""));
  for (const char* text : {"", "100000", "many 100000", "100000 0", "-5 100000"}) {
    write("sys/fs/cgroup/user.slice/cpu.max", text);
    EXPECT_FALSE(cpu_quota(root_ / "")) << text;
  }
}

}  // namespace
}  // namespace autoencoder
