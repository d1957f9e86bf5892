// Several processes that train one model, as launchers start them.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <torch/types.h>

#include "common/files.h"
#include "run/checkpoint_index.h"
#include "run/history.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramCall;
using testing::ProgramResult;

class Processes : public testing::ProgramTest {
 protected:
  Processes() { write_spots("spots", 300, 40); }

  static std::vector<std::string> words(const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> all = {"train", "--data", "spots", "--batch-size", "64",          "--epochs",
                                    "3",     "--out",  out,     "--corruption", "gaussian:0.2"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  RunDirectory run_in(const std::string& name) const { return RunDirectory(folder_ / name); }

  void expect_equal(const std::string& a, const std::string& b) const {
    const NamedTensors expected = weights_of(*load_model(last_checkpoint(run_in(b)), torch::kCPU).model);
    for (const auto& [name, weight] :
         weights_of(*load_model(last_checkpoint(run_in(a)), torch::kCPU).model)) {
      EXPECT_TRUE(torch::equal(weight, expected.at(name))) << name;
    }
    const History of_a = read_history(run_in(a).metrics());
    const History of_b = read_history(run_in(b).metrics());
    ASSERT_EQ(of_a.size(), of_b.size());
    for (size_t i = 0; i < of_a.size(); ++i) {
      EXPECT_EQ(of_a[i].train.total, of_b[i].train.total);
      EXPECT_EQ(of_a[i].validation->total, of_b[i].validation->total);
    }
  }

  static std::vector<pid_t> children_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    return {std::istream_iterator<pid_t>(file), {}};
  }
};

TEST_F(Processes, LearnTheSameBitsAsOneProcessDoes) {
  const std::string changes = "flip,brightness:0.2";
  out_of(words("alone", {"--model", "vae", "--augment", changes, "--reproducible"}));
  for (const std::string count : {"2", "3", "4"}) {
    const std::string out =
        out_of(words("by" + count, {"--model", "vae", "--augment", changes, "--workers", count}));
    EXPECT_THAT(out, HasSubstr(count + " processes, by "));
    EXPECT_THAT(out, ::testing::Not(HasSubstr("epoch   1/3  train\nepoch   1/3")));
    expect_equal("by" + count, "alone");
  }
}

// Statistics of a batch, dead units and the largest units are those of what all of them see.
TEST_F(Processes, LearnTheSameBitsOfModelsThatSeeABatchAsAWhole) {
  const std::vector<std::vector<std::string>> models = {
      {"--model", "dense", "--batch-norm", "--dropout", "0.1"},
      {"--model", "batch-topk", "--latent-dim", "64", "--k", "4", "--dead-after", "2"}};
  for (const std::vector<std::string>& model : models) {
    const std::string name = model[1];
    const auto trained_to = [&](const std::string& out, const std::vector<std::string>& how) {
      std::vector<std::string> options = model;
      options.insert(options.end(), how.begin(), how.end());
      out_of(words(name + out, options));
    };
    trained_to("-alone", {"--reproducible"});
    trained_to("-shared", {"--workers", "2"});
    expect_equal(name + "-shared", name + "-alone");
  }
}

TEST_F(Processes, AreStartedByMpirunToo) {
  if (std::system("mpirun --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "no mpirun here";
  }
  out_of(words("alone", {"--reproducible"}));
  // What Open MPI's plugins leave is no leak of ours, and their names are gone when AddressSanitizer looks.
  std::string line =
      "cd " + folder_.path().string() +
      " && ASAN_OPTIONS=detect_leaks=0 mpirun --allow-run-as-root --oversubscribe -n 2 " AUTOENCODER_PROGRAM;
  for (const std::string& word : words("by-mpi", {"--threads", "1"})) {
    line += " " + word;
  }
  const int status = std::system((line + " >.mpi-out 2>.mpi-error").c_str());
  const std::string error = read_file(folder_ / ".mpi-error");
  if (error.find("built without MPI") != std::string::npos) {
    GTEST_SKIP() << "this build has no MPI";
  }
  ASSERT_EQ(status, 0) << error;
  expect_equal("by-mpi", "alone");
}

// Two network namespaces with a cable between them, as two machines or containers have.
class TwoNetworks {
 public:
  TwoNetworks() {
    is_there_ = all({"ip netns add autoencoder-a", "ip netns add autoencoder-b",
                     "ip link add aea netns autoencoder-a type veth peer name aeb netns autoencoder-b",
                     "ip -n autoencoder-a addr add 10.77.0.1/24 dev aea",
                     "ip -n autoencoder-b addr add 10.77.0.2/24 dev aeb",
                     "ip -n autoencoder-a link set aea up", "ip -n autoencoder-b link set aeb up",
                     "ip -n autoencoder-a link set lo up", "ip -n autoencoder-b link set lo up"});
  }
  ~TwoNetworks() { all({"ip netns del autoencoder-a; ip netns del autoencoder-b"}); }
  TwoNetworks(const TwoNetworks&) = delete;
  TwoNetworks& operator=(const TwoNetworks&) = delete;

  bool is_there() const { return is_there_; }

 private:
  static bool all(const std::vector<std::string>& commands) {
    return std::ranges::all_of(commands, [](const std::string& command) {
      return std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) == 0;
    });
  }

  bool is_there_ = false;
};

TEST_F(Processes, MeetOverANetwork) {
  const TwoNetworks networks;
  if (!networks.is_there()) {
    GTEST_SKIP() << "no networks can be made here";
  }
  out_of(words("alone", {"--reproducible"}));
  std::string training = " " AUTOENCODER_PROGRAM;
  for (const std::string& word : words("apart", {"--threads", "1", "--quiet"})) {
    training += " " + word;
  }
  const auto process = [&](const std::string& network, const std::string& rank) {
    return "ip netns exec " + network + " env RANK=" + rank +
           " WORLD_SIZE=2 MASTER_ADDR=10.77.0.1 MASTER_PORT=29511" + training + " 2>>.errors";
  };
  const std::string both =
      process("autoencoder-b", "1") + " & " + process("autoencoder-a", "0") + " && wait $!";
  EXPECT_EQ(std::system(("cd " + folder_.path().string() + " && { " + both + "; }").c_str()), 0);
  EXPECT_EQ(read_file(folder_ / ".errors"), "");
  expect_equal("apart", "alone");
}

TEST_F(Processes, EndWithinSecondsWhereOneIsLostAndGoOnInAnotherNumber) {
  out_of(words("alone", {"--reproducible", "--epochs", "40"}));
  const std::vector<std::string> asked = words(
      "lost", {"--workers", "3", "--epochs", "40", "--resume", "auto", "--checkpoint-every", "steps:2"});
  ProgramCall call(folder_.path(), asked);
  const auto index = run_in("lost").checkpoints() / "index.json";
  while (!call.has_ended() &&
         (!fs::exists(index) || last_checkpoint(run_in("lost")).filename() == checkpoint_name(0, 0))) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const std::vector<pid_t> workers = children_of(call.process());
  ASSERT_EQ(workers.size(), 3);
  ::kill(workers[1], SIGKILL);
  const auto killed = std::chrono::steady_clock::now();
  const ProgramResult result = call.wait();
  EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(20));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error, HasSubstr("error: one of 3 processes has ended by signal 9"));
  out_of(words("lost", {"--workers", "2", "--epochs", "40", "--resume", "auto"}));
  expect_equal("lost", "alone");
}

TEST_F(Processes, StopTogetherWhereTheyAreAskedTo) {
  ProgramCall call(folder_.path(), words("stopped", {"--workers", "2", "--epochs", "100000"}));
  while (!call.has_ended() && !fs::exists(run_in("stopped").metrics())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  call.send(SIGTERM);
  EXPECT_EQ(call.wait().status, 128 + SIGTERM);
  EXPECT_NE(last_checkpoint(run_in("stopped")).filename(), checkpoint_name(0, 0));
}

// systemd tells all processes of a service, and the first of them passes it on.
TEST_F(Processes, SaveWhereAllAreAskedToStop) {
  ProgramCall call(folder_.path(), words("stopped", {"--workers", "2", "--epochs", "100000"}));
  while (!call.has_ended() && !fs::exists(run_in("stopped").metrics())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const pid_t worker : children_of(call.process())) {
    ::kill(worker, SIGTERM);
  }
  call.send(SIGTERM);
  const ProgramResult result = call.wait();
  EXPECT_EQ(result.status, 128 + SIGTERM);
  EXPECT_THAT(result.out, HasSubstr("saved. Go on with: autoencoder train --resume stopped"));
}

TEST_F(Processes, SayOnceWhatIsWrong) {
  const ProgramResult result = run({"train", "--data", "nowhere", "--workers", "2"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
  ::setenv("AUTOENCODER_BLAS", "mkl", 1);  // bfloat16 is LibTorch's then
  EXPECT_THAT(error_of(words("x", {"--precision", "bf16", "--workers", "2"})),
              HasSubstr("several processes needs training whose batches can be divided"));
  ::unsetenv("AUTOENCODER_BLAS");
}

}  // namespace
}  // namespace autoencoder
