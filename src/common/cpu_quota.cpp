#include "common/cpu_quota.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "common/text.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// The words of a file's first line; none where it cannot be read.
std::vector<std::string> words_in(const fs::path& path) {
  std::vector<std::string> words;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::istringstream rest(line);
  for (std::string word; rest >> word;) {
    words.push_back(word);
  }
  return words;
}

// "200000", "100000" -> 2; nothing of "max" and of -1, which stand for no limit.
std::optional<double> quotient(const std::vector<std::string>& microseconds) {
  if (microseconds.size() != 2) {
    return std::nullopt;
  }
  const auto quota = number_from<double>(microseconds[0]);
  const auto period = number_from<double>(microseconds[1]);
  return quota && period && *quota > 0 && *period > 0 ? std::optional(*quota / *period) : std::nullopt;
}

std::optional<double> quota_of_version_2(const fs::path& group) {
  return quotient(words_in(group / "cpu.max"));
}

std::optional<double> quota_of_version_1(const fs::path& group) {
  std::vector<std::string> microseconds = words_in(group / "cpu.cfs_quota_us");
  for (const std::string& word : words_in(group / "cpu.cfs_period_us")) {
    microseconds.push_back(word);
  }
  return quotient(microseconds);
}

// What a line of /proc/self/cgroup tells: "0::/group" of version 2, "4:cpu,cpuacct:/group" of version 1.
struct Membership {
  std::string controllers;
  fs::path group;  // below the hierarchy's own root
};

std::vector<Membership> memberships(const fs::path& root) {
  std::vector<Membership> all;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first != std::string::npos && second != std::string::npos) {
      all.push_back(
          {line.substr(first + 1, second - first - 1), fs::path(line.substr(second + 1)).relative_path()});
    }
  }
  return all;
}

// The least quota of `group` and those above it, up to the hierarchy's root. In a container the groups' paths
// may be those outside, of which only the root can be seen.
template <typename QuotaOf>
std::optional<double> least_quota(const fs::path& hierarchy, const fs::path& group, const QuotaOf& quota_of) {
  std::optional<double> least = quota_of(hierarchy);
  fs::path folder = hierarchy;
  for (const fs::path& name : group) {
    folder /= name;
    const auto quota = quota_of(folder);
    least = least && quota ? std::min(*least, *quota) : (quota ? quota : least);
  }
  return least;
}

bool has_cpu(const std::string& controllers) {
  const std::vector<std::string> names = split_words(controllers);
  return std::find(names.begin(), names.end(), "cpu") != names.end();
}

}  // namespace

std::optional<double> cpu_quota(const fs::path& root) {
  const fs::path hierarchies = root / "sys/fs/cgroup";
  for (const auto& [controllers, group] : memberships(root)) {
    if (has_cpu(controllers)) {
      const bool is_alone = fs::exists(hierarchies / "cpu");
      return least_quota(hierarchies / (is_alone ? "cpu" : controllers), group, quota_of_version_1);
    }
  }
  for (const auto& [controllers, group] : memberships(root)) {
    if (controllers.empty()) {
      return least_quota(hierarchies, group, quota_of_version_2);
    }
  }
  return std::nullopt;
}

}  // namespace autoencoder
