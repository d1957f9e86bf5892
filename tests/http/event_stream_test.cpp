#include "http/event_stream.h"

#include <gtest/gtest.h>

namespace autoencoder::http {
namespace {

TEST(EventStream, ListenersHearWhatIsPublished) {
  EventStream stream;
  int woken = 0;
  const auto listener = stream.listen([&] { ++woken; });
  stream.publish("epoch", "1");
  stream.publish("epoch", "2");
  EXPECT_EQ(woken, 2);
  EXPECT_EQ(listener->take(), "event: epoch\ndata: 1\n\nevent: epoch\ndata: 2\n\n");
  EXPECT_EQ(listener->take(), "");
}

TEST(EventStream, NewcomersHearThePresentState) {
  EventStream stream;
  stream.publish("progress", "1", "progress");
  stream.publish("progress", "2", "progress");
  stream.publish("epoch", "not kept");
  stream.keep("history", "[1]");
  const auto listener = stream.listen([] {});
  EXPECT_EQ(listener->take(), "event: progress\ndata: 2\n\nevent: history\ndata: [1]\n\n");
}

TEST(EventStream, WhoDoesNotTakeLosesTheOldest) {
  EventStream stream;
  const auto listener = stream.listen([] {});
  for (int i = 0; i < 300; ++i) {
    stream.publish("epoch", std::to_string(i));
  }
  const std::string taken = listener->take();
  EXPECT_EQ(taken.find("data: 43\n"), std::string::npos);
  EXPECT_NE(taken.find("data: 44\n"), std::string::npos);
  EXPECT_NE(taken.find("data: 299\n"), std::string::npos);
}

TEST(EventStream, CountsListeners) {
  EventStream stream;
  {
    const auto listener = stream.listen([] {});
    EXPECT_EQ(stream.listeners(), 1);
  }
  EXPECT_EQ(stream.listeners(), 0);
}

}  // namespace
}  // namespace autoencoder::http
