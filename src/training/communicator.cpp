#include "training/communicator.h"

#include <cstdlib>
#include <optional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "training/process_engines.h"

namespace autoencoder {
namespace {

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

int64_t number_in(const char* name) {
  const std::string text = variable(name).value_or("");
  const auto number = number_from<int64_t>(text);
  if (!number || *number < 0) {
    throw Error(fmt::format("{} is '{}'; several processes need a whole number there, as torchrun sets it",
                            name, text));
  }
  return *number;
}

ProcessPlace place_from(const char* rank, const char* size) {
  const ProcessPlace place = {number_in(rank), number_in(size)};
  if (place.rank >= place.size) {
    throw Error(fmt::format("{} is {}, but {} says that there are {}; ranks go from 0 to {}", rank,
                            place.rank, size, place.size, place.size - 1));
  }
  return place;
}

// "node[07-12,20],gpu1" -> "node07".
std::string first_host(const std::string& nodes) {
  const size_t bracket = nodes.find_first_of("[,");
  if (bracket == std::string::npos || nodes[bracket] == ',') {
    return nodes.substr(0, bracket);
  }
  const size_t end = nodes.find_first_of("-,]", bracket);
  return nodes.substr(0, bracket) + nodes.substr(bracket + 1, end - bracket - 1);
}

// One for each job, out of the range that systems give to others.
uint16_t port_of_job() {
  constexpr int64_t kFirst = 20'000;
  constexpr int64_t kCount = 10'000;
  return static_cast<uint16_t>(kFirst + number_in("SLURM_JOB_ID") % kCount);
}

bool has_mpi_launcher() { return variable("OMPI_COMM_WORLD_SIZE").value_or("1") != "1"; }

bool has_torchrun_launcher() { return variable("RANK") && variable("WORLD_SIZE").value_or("1") != "1"; }

// srun's, not that of a batch script, which runs once.
bool has_slurm_launcher() {
  return variable("SLURM_STEP_NODELIST") && variable("SLURM_PROCID") &&
         variable("SLURM_STEP_NUM_TASKS").value_or("1") != "1";
}

std::unique_ptr<Communicator> join_slurm() {
  const ProcessPlace place = place_from("SLURM_PROCID", "SLURM_STEP_NUM_TASKS");
  const auto nodes =
      variable("SLURM_STEP_NODELIST").value_or(variable("SLURM_NODELIST").value_or("localhost"));
  return join_store(place, variable("MASTER_ADDR").value_or(first_host(nodes)), port_of_job());
}

}  // namespace

bool any_of(Communicator& processes, bool own) {
  return processes.size() == 1 ? own : processes.gather(torch::tensor(own ? 1.0F : 0.0F)).any().item<bool>();
}

void meet(Communicator& processes) { any_of(processes, false); }

bool is_one_of_several() { return has_mpi_launcher() || has_torchrun_launcher() || has_slurm_launcher(); }

std::unique_ptr<Communicator> join_processes() {
  if (has_mpi_launcher()) {
    return join_mpi();
  }
  if (has_torchrun_launcher()) {
    const auto port = number_in("MASTER_PORT");
    return join_store(place_from("RANK", "WORLD_SIZE"), variable("MASTER_ADDR").value_or("localhost"),
                      static_cast<uint16_t>(port));
  }
  return has_slurm_launcher() ? join_slurm() : std::make_unique<Alone>();
}

}  // namespace autoencoder
