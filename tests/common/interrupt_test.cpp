#include "common/interrupt.h"

#include <csignal>

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(Interrupt, ASignalIsKeptInsteadOfEndingTheProgram) {
  const InterruptGuard guard;
  EXPECT_EQ(guard.signal(), 0);
  std::raise(SIGTERM);
  EXPECT_EQ(guard.signal(), SIGTERM);
}

TEST(Interrupt, TheTerminalsEndIsARequestUnlessTheProgramWasToldToIgnoreIt) {
  {
    const InterruptGuard guard;
    std::raise(SIGHUP);
    EXPECT_EQ(guard.signal(), SIGHUP);
  }
  std::signal(SIGHUP, SIG_IGN);  // as nohup does
  {
    const InterruptGuard guard;
    std::raise(SIGHUP);
    EXPECT_EQ(guard.signal(), 0);
  }
  EXPECT_EQ(std::signal(SIGHUP, SIG_DFL), SIG_IGN);
}

TEST(Interrupt, EachGuardStartsAnew) {
  {
    const InterruptGuard guard;
    std::raise(SIGINT);
  }
  const InterruptGuard guard;
  EXPECT_EQ(guard.signal(), 0);
}

TEST(InterruptDeathTest, TheSecondSignalEndsTheProgram) {
  EXPECT_EXIT(
      {
        const InterruptGuard guard;
        std::raise(SIGINT);
        std::raise(SIGINT);
      },
      ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace autoencoder
