// TensorBoard's event files, read again record by record. What TensorBoard itself reads, tests/python looks
// at.
#include "run/event_file.h"

#include <bit>
#include <cstring>
#include <protozero/pbf_reader.hpp>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// CRC-32C (Castagnoli), bit by bit.
uint32_t checksum_of(std::string_view bytes) {
  uint32_t state = ~0U;
  for (const char byte : bytes) {
    state ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      state = (state >> 1) ^ ((state & 1) != 0 ? 0x82f63b78U : 0U);
    }
  }
  return ~state;
}

uint32_t masked(uint32_t checksum) { return std::rotr(checksum, 15) + 0xa282ead8U; }

template <typename Number>
Number number_at(const std::string& bytes, size_t position) {
  Number number{};
  std::memcpy(&number, bytes.data() + position, sizeof(number));
  return number;
}

// The events of the one file in `folder`, whose frames must be right.
std::vector<std::string> events_in(const std::filesystem::path& folder) {
  std::vector<std::string> events;
  const std::string bytes = read_file(std::filesystem::directory_iterator(folder)->path());
  for (size_t position = 0; position < bytes.size();) {
    const auto size = number_at<uint64_t>(bytes, position);
    EXPECT_EQ(number_at<uint32_t>(bytes, position + 8), masked(checksum_of(bytes.substr(position, 8))));
    events.push_back(bytes.substr(position + 12, size));
    EXPECT_EQ(number_at<uint32_t>(bytes, position + 12 + size), masked(checksum_of(events.back())));
    position += size + 16;
  }
  return events;
}

protozero::pbf_reader field(protozero::pbf_reader message, protozero::pbf_tag_type tag) {
  EXPECT_TRUE(message.next(tag)) << "field " << tag;
  return message;
}

TEST(EventFile, TheChecksumIsThatOfThePublishedExample) { EXPECT_EQ(checksum_of("123456789"), 0xe3069283U); }

TEST(EventFile, BeginsWithTheVersion) {
  const TemporaryFolder folder;
  { const EventFile file(folder / "log"); }
  const auto events = events_in(folder / "log");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(field(protozero::pbf_reader(events[0]), 3).get_string(), "brain.Event:2");
  EXPECT_GT(field(protozero::pbf_reader(events[0]), 1).get_double(), 1.6e9);
}

TEST(EventFile, KeepsScalars) {
  const TemporaryFolder folder;
  EventFile file(folder / "log");
  file.add_scalar("loss/train", 7, 0.25);
  const auto events = events_in(folder / "log");
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(field(protozero::pbf_reader(events[1]), 2).get_int64(), 7);
  const protozero::pbf_reader value =
      field(field(protozero::pbf_reader(events[1]), 5).get_message(), 1).get_message();
  EXPECT_EQ(field(value, 1).get_string(), "loss/train");
  EXPECT_EQ(field(value, 2).get_float(), 0.25F);
}

TEST(EventFile, KeepsImages) {
  const TemporaryFolder folder;
  EventFile file(folder / "log");
  file.add_image("pictures", 2, {.height = 16, .width = 80, .channels = 3, .png = "the bytes"});
  const auto events = events_in(folder / "log");
  const protozero::pbf_reader event(events.at(1));
  const protozero::pbf_reader value = field(field(event, 5).get_message(), 1).get_message();
  const protozero::pbf_reader image = field(value, 4).get_message();
  EXPECT_EQ(field(image, 1).get_int32(), 16);
  EXPECT_EQ(field(image, 2).get_int32(), 80);
  EXPECT_EQ(field(image, 3).get_int32(), 3);
  EXPECT_EQ(field(image, 4).get_string(), "the bytes");
}

TEST(EventFile, SaysWhereItCannotWrite) {
  const TemporaryFolder folder;
  write_file(folder / "log", "a file");
  EXPECT_THAT(error_of([&] { EventFile(folder / "log"); }), HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace autoencoder
