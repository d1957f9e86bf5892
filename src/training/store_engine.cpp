// Processes that meet in a c10d::TCPStore: what torchrun's own do before they open faster ways, and all that
// LibTorch's wheel for CPUs has. Each gather is a set of one's own numbers and a get of everybody else's,
// each exchange of one other's.

#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include <c10/util/Logging.h>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/types.h>

#include "common/error.h"
#include "training/process_engines.h"

namespace autoencoder {
namespace {

constexpr auto kLongestWait = std::chrono::minutes(5);

class StoreCommunicator : public Communicator {
 public:
  StoreCommunicator(const ProcessPlace& place, c10::intrusive_ptr<c10d::TCPStore> store)
      : place_(place), store_(std::move(store)) {}

  // The store lives in the first process, which therefore leaves last.
  ~StoreCommunicator() override {
    try {
      const int64_t gone = store_->add("gone", 1);
      if (place_.rank == 0 && gone < place_.size && std::uncaught_exceptions() == 0) {
        store_->wait({kAllGone}, kWaitForOthers);
      } else if (gone == place_.size) {
        store_->set(kAllGone, std::vector<uint8_t>{1});
      }
    } catch (const std::exception&) {  // others have ended otherwise
    }
  }
  StoreCommunicator(const StoreCommunicator&) = delete;
  StoreCommunicator& operator=(const StoreCommunicator&) = delete;

  int64_t rank() const override { return place_.rank; }
  int64_t size() const override { return place_.size; }
  std::string name() const override { return "LibTorch's TCP store"; }

  torch::Tensor gather(const torch::Tensor& own) override {
    return or_say_who_is_lost([&] { return gather_through_store(own.contiguous()); });
  }

  torch::Tensor exchange(int64_t partner, const torch::Tensor& own) override {
    return or_say_who_is_lost([&] { return exchange_through_store(partner, own.contiguous()); });
  }

 private:
  static constexpr const char* kAllGone = "all gone";
  static constexpr auto kWaitForOthers = std::chrono::seconds(30);
  static constexpr auto kForLauncher = std::chrono::seconds(2);

  template <typename Call>
  torch::Tensor or_say_who_is_lost(const Call& call) const {
    try {
      return call();
    } catch (const c10::Error&) {
      // Where another one has said what is wrong, the launcher ends this one meanwhile.
      std::this_thread::sleep_for(kForLauncher);
      throw Error(
          fmt::format("process {} of {} waited in vain for the others: one of them has ended, or cannot be "
                      "reached; go on with --resume auto",
                      place_.rank, place_.size));
    }
  }

  static std::string key(int64_t number, int64_t rank) { return fmt::format("{}/{}", number, rank); }

  void put(const std::string& name, const torch::Tensor& own) {
    const auto* bytes = static_cast<const uint8_t*>(own.const_data_ptr());
    store_->set(name, std::vector<uint8_t>(bytes, bytes + own.nbytes()));
  }

  // Who has read a number takes it away: it is for nobody else.
  torch::Tensor exchange_through_store(int64_t partner, const torch::Tensor& own) {
    const auto name_of = [&](int64_t rank) { return fmt::format("pair/{}/{}", exchanges_, rank); };
    put(name_of(place_.rank), own);
    torch::Tensor theirs = got(name_of(partner), own);
    store_->deleteKey(name_of(partner));
    ++exchanges_;
    return theirs;
  }

  torch::Tensor gather_through_store(const torch::Tensor& own) {
    put(key(calls_, place_.rank), own);
    std::vector<torch::Tensor> all;
    for (int64_t rank = 0; rank < place_.size; ++rank) {
      all.push_back(rank == place_.rank ? own : got(key(calls_, rank), own));
    }
    // Whoever has what belongs to this call has finished the one before: nobody wants that any more.
    if (calls_ > 0) {
      store_->deleteKey(key(calls_ - 1, place_.rank));
    }
    ++calls_;
    return torch::stack(all);
  }

  torch::Tensor got(const std::string& name, const torch::Tensor& like) {
    const std::vector<uint8_t> bytes = store_->get(name);
    TORCH_CHECK(bytes.size() == like.nbytes(), "another call");
    torch::Tensor found = torch::empty_like(like);
    std::memcpy(found.mutable_data_ptr(), bytes.data(), bytes.size());
    return found;
  }

  ProcessPlace place_;
  c10::intrusive_ptr<c10d::TCPStore> store_;
  int64_t calls_ = 0;
  int64_t exchanges_ = 0;
};

}  // namespace

std::unique_ptr<Communicator> join_store(const ProcessPlace& place, const std::string& host, uint16_t port) {
  c10d::TCPStoreOptions options;
  options.port = port;
  options.isServer = place.rank == 0;
  options.numWorkers = static_cast<size_t>(place.size);
  options.timeout = kLongestWait;
  options.useLibUV = false;                  // which carries gradients at a third of the speed
  FLAGS_caffe2_log_level = c10::GLOG_ERROR;  // c10d warns of machines whose name it does not find
  try {
    return std::make_unique<StoreCommunicator>(place, c10::make_intrusive<c10d::TCPStore>(host, options));
  } catch (const std::exception&) {
    throw Error(
        fmt::format("process {} of {} does not find the others at {}:{}; is MASTER_ADDR the first one's "
                    "machine, and MASTER_PORT free there?",
                    place.rank, place.size, host, port));
  }
}

}  // namespace autoencoder
