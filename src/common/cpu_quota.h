// How many processors' time a container may use, which can be fewer than it sees.
#pragma once

#include <filesystem>
#include <optional>

namespace autoencoder {

/// Processors' worth of time that this process's control groups leave it (`docker run --cpus 1.5`: 1.5), of
/// cgroup version 2 or 1, the least of all groups above it. Nothing where there is no limit, or none can be
/// read. `root`: where the system's / is.
std::optional<double> cpu_quota(const std::filesystem::path& root = "/");

}  // namespace autoencoder
