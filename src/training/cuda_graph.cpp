// What needs CUDA's headers; no_cuda_graph.cpp stands in its place where LibTorch knows no CUDA.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <fmt/format.h>
#include <torch/version.h>

#include "common/error.h"
#include "training/step_recorder.h"

namespace autoencoder {
namespace {

// The current stream of a device from here on: another one than usual, which waits for all that came before.
class OwnStream {
 public:
  explicit OwnStream(const torch::Device& device) : guard_(stream_after_all(device)) {}
  ~OwnStream() {
    try {
      c10::cuda::device_synchronize();
    } catch (const c10::Error&) {  // of work that failed: told already
    }
  }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;

 private:
  static c10::cuda::CUDAStream stream_after_all(const torch::Device& device) {
    const c10::cuda::CUDAGuard on(device);
    c10::cuda::device_synchronize();
    return c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index());
  }

  c10::cuda::CUDAStreamGuard guard_;
};

// Before LibTorch 2.13 the memory of a recording that failed stays set apart, and the next use of it fails.
constexpr bool kCanGiveUp = TORCH_VERSION_MAJOR > 2 || TORCH_VERSION_MINOR >= 13;

class CudaGraph : public Recorder {
 public:
  explicit CudaGraph(const torch::Device& device) : stream_(device) {}

  void record(const std::function<void()>& work) override {
    graph_.reset();
    // A recording has memory of its own, and cannot take back what lies unused.
    c10::cuda::device_synchronize();
    c10::cuda::CUDACachingAllocator::emptyCache();
    graph_.capture_begin();
    try {
      work();
      graph_.capture_end();
    } catch (const c10::Error& error) {
      stop_recording();
      require_giving_up(error);
      throw;
    } catch (...) {
      stop_recording();
      throw;
    }
  }

  void replay() override { graph_.replay(); }

 private:
  // Work that failed has made no graph, which is an error again that says nothing new.
  void stop_recording() {
    try {
      graph_.capture_end();
    } catch (const c10::Error&) {
    }
    graph_.reset();
  }

  static void require_giving_up(const c10::Error& error) {
    if (!kCanGiveUp) {
      throw Error(
          fmt::format("the training step cannot be recorded as a CUDA graph: {}; use --cuda-graph off",
                      error.what_without_backtrace()));
    }
  }

  OwnStream stream_;
  at::cuda::CUDAGraph graph_;
};

}  // namespace

std::unique_ptr<Recorder> make_cuda_graph(const torch::Device& device) {
  return device.is_cuda() ? std::make_unique<CudaGraph>(device) : nullptr;
}

}  // namespace autoencoder
