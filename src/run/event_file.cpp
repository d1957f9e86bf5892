#include "run/event_file.h"

#include <bit>
#include <chrono>
#include <isa-l/crc.h>
#include <protozero/pbf_builder.hpp>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

static_assert(std::endian::native == std::endian::little, "records are written as they lie in memory");

// The fields of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto that are
// written.
enum class EventField : protozero::pbf_tag_type { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5 };
enum class SummaryField : protozero::pbf_tag_type { kValue = 1 };
enum class ValueField : protozero::pbf_tag_type { kTag = 1, kSimpleValue = 2, kImage = 4 };
enum class ImageField : protozero::pbf_tag_type {
  kHeight = 1,
  kWidth = 2,
  kColorspace = 3,
  kEncodedImage = 4
};

using EventBuilder = protozero::pbf_builder<EventField>;
using SummaryBuilder = protozero::pbf_builder<SummaryField>;
using ValueBuilder = protozero::pbf_builder<ValueField>;
using ImageBuilder = protozero::pbf_builder<ImageField>;

constexpr const char* kFileVersion = "brain.Event:2";

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// tensorflow/core/lib/hash/crc32c.h: checksums of data that hold checksums are turned, and moved.
uint32_t masked_checksum(std::string_view bytes) {
  constexpr uint32_t kMaskDelta = 0xa282ead8;
  auto* start = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));  // ISA-L only reads
  const uint32_t checksum = ~::crc32_iscsi(start, static_cast<int>(bytes.size()), ~0U);
  return std::rotr(checksum, 15) + kMaskDelta;
}

template <typename Number>
std::string_view bytes_of(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

// `describe` fills in the one value of the event's summary.
template <typename Describe>
std::string summary_event(std::string_view tag, int64_t step, Describe describe) {
  std::string event;
  EventBuilder builder(event);
  builder.add_double(EventField::kWallTime, seconds_now());
  builder.add_int64(EventField::kStep, step);
  SummaryBuilder summary(builder, EventField::kSummary);
  ValueBuilder value(summary, SummaryField::kValue);
  value.add_string(ValueField::kTag, tag.data(), tag.size());
  describe(value);
  value.commit();
  summary.commit();
  return event;
}

std::filesystem::path event_path(const std::filesystem::path& folder) {
  return folder / fmt::format("events.out.tfevents.{:.6f}.{}", seconds_now(), ::getpid());
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder) : path_(event_path(folder)) {
  std::error_code ignored;  // opening the file tells
  std::filesystem::create_directories(folder, ignored);
  file_.open(path_, std::ios::binary);
  std::string event;
  EventBuilder builder(event);
  builder.add_double(EventField::kWallTime, seconds_now());
  builder.add_string(EventField::kFileVersion, kFileVersion);
  append_record(event);
}

void EventFile::add_scalar(std::string_view tag, int64_t step, double value) {
  append_record(summary_event(tag, step, [&](ValueBuilder& builder) {
    builder.add_float(ValueField::kSimpleValue, static_cast<float>(value));
  }));
}

void EventFile::add_image(std::string_view tag, int64_t step, const EventImage& image) {
  append_record(summary_event(tag, step, [&](ValueBuilder& builder) {
    ImageBuilder picture(builder, ValueField::kImage);
    picture.add_int32(ImageField::kHeight, static_cast<int32_t>(image.height));
    picture.add_int32(ImageField::kWidth, static_cast<int32_t>(image.width));
    picture.add_int32(ImageField::kColorspace, static_cast<int32_t>(image.channels));
    picture.add_bytes(ImageField::kEncodedImage, image.png);
  }));
}

// tensorflow/core/lib/io/record_writer.h
void EventFile::append_record(const std::string& event) {
  const uint64_t size = event.size();
  const uint32_t size_checksum = masked_checksum(bytes_of(size));
  const uint32_t event_checksum = masked_checksum(event);
  file_ << bytes_of(size) << bytes_of(size_checksum) << event << bytes_of(event_checksum) << std::flush;
  if (!file_) {
    throw Error(
        fmt::format("{}: cannot be written; is the disk full, or the folder not yours?", path_.string()));
  }
}

}  // namespace autoencoder
