#include "service/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/problem.h"
#include "tests/support/expect_error.h"

namespace autoencoder::service {
namespace {

using autoencoder::testing::error_of;
using ::testing::HasSubstr;

const std::vector<Media> kOffered = {Media::kJson, Media::kNpy, Media::kCsv, Media::kPng};

TEST(Media, BodiesGoByTheirType) {
  EXPECT_EQ(media_of("application/json; charset=utf-8", ""), Media::kJson);
  EXPECT_EQ(media_of("Text/CSV", ""), Media::kCsv);
  EXPECT_EQ(media_of("image/jpg", ""), Media::kJpeg);
  EXPECT_THAT(error_of([] { media_of("application/xml", ""); }), HasSubstr("application/xml"));
}

TEST(Media, BodiesWithoutATypeGoByTheirFirstBytes) {
  EXPECT_EQ(media_of("", "\x93NUMPY..."), Media::kNpy);
  EXPECT_EQ(media_of("application/octet-stream", "\x89PNG..."), Media::kPng);
  EXPECT_EQ(media_of("application/x-www-form-urlencoded", "\xFF\xD8\xFF"), Media::kJpeg);
  EXPECT_EQ(media_of("", "[1]"), Media::kJson);
}

TEST(Media, AnswersGoByWhatIsLikedBest) {
  EXPECT_EQ(chosen_media("", kOffered), Media::kJson);
  EXPECT_EQ(chosen_media("*/*", kOffered), Media::kJson);
  EXPECT_EQ(chosen_media("image/*", kOffered), Media::kPng);
  EXPECT_EQ(chosen_media("text/html, text/csv;q=0.5, application/json;q=0.4", kOffered), Media::kCsv);
  EXPECT_EQ(chosen_media("*/*, application/json;q=0", kOffered), Media::kNpy);
  EXPECT_EQ(chosen_media("application/x-npy ; q=1.0", kOffered), Media::kNpy);
}

TEST(Media, WhatCannotBeSentIsToldOf) {
  EXPECT_THAT(error_of([] { chosen_media("text/html", kOffered); }),
              HasSubstr("application/json, application/x-npy, text/csv, image/png"));
  EXPECT_THAT(error_of([] { chosen_media("application/json;q=0", kOffered); }), HasSubstr("Accept"));
}

}  // namespace
}  // namespace autoencoder::service
