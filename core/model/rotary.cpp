#include "core/model/rotary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace heed {
namespace {

constexpr std::string_view kShare = "partial_rotary_factor";

double positive(const JsonReader& reader, std::string_view key, double fallback) {
    const double value = reader.get_number(key, fallback);
    if (!(value > 0) || std::isinf(value)) {
        reader.fail(key, "a number above 0", reader.json().find(key));
    }
    return value;
}

// What a config says of one kind of layer, its dialects put together as transformers does: where
// there is one kind alone, rope_scaling stands for all of rope_parameters; else what it says is
// laid over what they say of the kind.
Json read_fields(const JsonReader& top, const std::string& where, std::string_view kind,
                 bool is_scaled) {
    const Json* scaling = is_scaled ? top.get_object("rope_scaling") : nullptr;
    const Json* parameters = top.get_object("rope_parameters");
    if (kind.empty()) {
        if (scaling != nullptr && !scaling->object.empty()) return *scaling;
        return parameters != nullptr ? *parameters : Json();
    }
    Json fields;
    fields.kind = Json::Kind::kObject;
    if (parameters != nullptr) {
        const JsonReader by_kind(*parameters, where, "rope_parameters");
        if (const Json* of_kind = by_kind.get_object(kind)) fields = *of_kind;
    } else {
        Json type;
        type.kind = Json::Kind::kString;
        type.string = "default";
        fields.object.emplace_back("rope_type", std::move(type));
    }
    if (scaling == nullptr) return fields;
    for (const Json::Member& field : scaling->object) {
        std::erase_if(fields.object, [&](const auto& had) { return had.first == field.first; });
        fields.object.push_back(field);
    }
    return fields;
}

}  // namespace

RotaryConfig::RotaryConfig(const ModelConfig& config, const RotaryDefaults& defaults,
                           std::string_view kind, std::string_view theta_key)
    : theta_(defaults.theta), share_(defaults.share) {
    const JsonReader& top = config.reader();
    positions_ = config.rows({"max_position_embeddings", "n_positions"}, defaults.positions);
    original_positions_ = positions_;
    if (kind.empty()) top_positions_ = top.get_number("original_max_position_embeddings", 0);
    theta_ = positive(top, theta_key, theta_);
    const std::string_view share_key = defaults.share_key;
    if (!share_key.empty()) share_ = positive(top, share_key, share_);
    const bool is_scaled = kind.empty() || kind == "full_attention" || defaults.scales_all;
    const Json fields = read_fields(top, config.where(), kind, is_scaled);
    if (!fields.is_object()) return;
    const bool has_old = is_scaled && top.has("rope_scaling");
    const std::string place = kind.empty() ? "" : "." + std::string(kind);
    read(JsonReader(fields, config.where(), has_old ? "rope_scaling" : "rope_parameters" + place));
    if (!share_key.empty()) return;
    // All columns turn; but a scaling would count with the share.
    const double said = fields.find_non_null(kShare) != nullptr ? share_ : positive(top, kShare, 1);
    if (scaling_ != Scaling::kNone && said != 1) {
        top.fail(kShare, "1 beside a scaling (the class turns whole heads)",
                 fields.find_non_null(kShare) != nullptr ? fields.find(kShare)
                                                         : top.json().find(kShare));
    }
    share_ = defaults.share;
}

void RotaryConfig::read(const JsonReader& reader) {
    const std::string type = reader.get_string("rope_type", reader.get_string("type", "default"));
    theta_ = positive(reader, "rope_theta", theta_);
    share_ = positive(reader, kShare, share_);
    if (type == "default") return;
    if (type == "linear") {
        scaling_ = Scaling::kLinear;
    } else if (type == "dynamic") {
        scaling_ = Scaling::kDynamic;
    } else if (type == "llama3") {
        scaling_ = Scaling::kLlama3;
    } else if (type == "yarn") {
        scaling_ = Scaling::kYarn;
    } else {
        const Json* found = reader.json().find("rope_type");
        reader.fail(found != nullptr ? "rope_type" : "type",
                    "default, linear, dynamic, llama3 or yarn",
                    found != nullptr ? found : reader.json().find("type"));
    }
    original_positions_ = positive(reader, "original_max_position_embeddings", original_positions_);
    const bool has_positions = scaling_ == Scaling::kYarn || scaling_ == Scaling::kLlama3;
    if (has_positions && top_positions_ > 0) original_positions_ = top_positions_;
    const double own_factor = scaling_ == Scaling::kYarn ? positions_ / original_positions_ : 1;
    factor_ = positive(reader, "factor", own_factor);
    low_factor_ = positive(reader, "low_freq_factor", low_factor_);
    high_factor_ = positive(reader, "high_freq_factor", high_factor_);
    if (scaling_ == Scaling::kYarn) read_yarn(reader);
}

void RotaryConfig::read_yarn(const JsonReader& reader) {
    // 0 stands for the usual value.
    const auto number = [&reader](std::string_view key, double usual) {
        return reader.get_number(key, 0) == 0 ? usual : positive(reader, key, usual);
    };
    beta_fast_ = number("beta_fast", beta_fast_);
    beta_slow_ = number("beta_slow", beta_slow_);
    has_whole_columns_ = reader.get_bool("truncate", true);
    const auto growth = [this](double share) {
        return factor_ <= 1 ? 1 : 0.1 * share * std::log(factor_) + 1;
    };
    const double above = number("mscale", 0), below = number("mscale_all_dim", 0);
    const bool has_both = above > 0 && below > 0;
    const double usual = has_both ? growth(above) / growth(below) : growth(1);
    attention_factor_ = positive(reader, "attention_factor", usual);
}

void RotaryConfig::check_columns(const ModelConfig& config, int d_head, bool is_even) const {
    const double turned = std::floor(d_head * share_);
    const bool is_odd = std::fmod(turned, 2) != 0;
    const bool has_pairs = turned >= 0 && turned + (is_odd ? 1 : 0) <= d_head;
    if (has_pairs && !(is_odd && is_even)) return;
    throw Error(config.where(), "partial_rotary_factor",
                is_even ? "an even number of a head's " + std::to_string(d_head) + " columns"
                        : "pairs of a head's " + std::to_string(d_head) + " columns",
                fmt::format("{} columns", turned));
}

RotaryRule RotaryConfig::rule(int d_head, int length) const {
    const int turned = static_cast<int>(std::min<double>(d_head * share_, d_head));
    const int pairs = std::min((turned + 1) / 2, d_head / 2);
    double theta = theta_;
    if (scaling_ == Scaling::kDynamic && length > positions_) {
        const double stretch = factor_ * length / positions_ - (factor_ - 1);
        theta *= std::pow(stretch, static_cast<double>(turned) / (turned - 2));
    }
    RotaryRule rule;
    for (int i = 0; i < pairs; ++i) {
        rule.frequencies.push_back(std::pow(theta, -2.0 * i / turned));
    }
    if (scaling_ == Scaling::kLinear) {
        for (double& frequency : rule.frequencies) frequency /= factor_;
    }
    if (scaling_ == Scaling::kLlama3) stretch_llama3(rule.frequencies);
    if (scaling_ == Scaling::kYarn) {
        stretch_yarn(rule.frequencies, turned);
        rule.scale = attention_factor_;
    }
    return rule;
}

// Long waves are stretched, short ones stay, between them a mixture.
void RotaryConfig::stretch_llama3(std::vector<double>& frequencies) const {
    for (double& frequency : frequencies) {
        const double wave = 2 * M_PI / frequency;
        const double share =
            (original_positions_ / wave - low_factor_) / (high_factor_ - low_factor_);
        if (wave > original_positions_ / low_factor_) {
            frequency /= factor_;
        } else if (wave >= original_positions_ / high_factor_) {
            frequency = (1 - share) * frequency / factor_ + share * frequency;
        }
    }
}

// YaRN (Peng et al. 2023): columns by how often they turn within the original positions.
void RotaryConfig::stretch_yarn(std::vector<double>& frequencies, int turned) const {
    const auto column_of = [&](double turns) {
        return turned * std::log(original_positions_ / (2 * M_PI * turns)) / (2 * std::log(theta_));
    };
    double low = column_of(beta_fast_), high = column_of(beta_slow_);
    if (has_whole_columns_) {
        low = std::floor(low);
        high = std::ceil(high);
    }
    low = std::max(low, 0.0);
    high = std::min(high, static_cast<double>(turned - 1));
    if (low == high) high += 0.001;
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
        frequencies[i] = frequencies[i] / factor_ * ramp + frequencies[i] * (1 - ramp);
    }
}

std::vector<bool> read_sliding_layers(const ModelConfig& config, int layers,
                                      bool (*fallback)(const ModelConfig& config, int layer)) {
    std::vector<bool> sliding;
    const Json* types = config.reader().get_array("layer_types");
    for (int layer = 0; layer < layers; ++layer) {
        if (types == nullptr) {
            sliding.push_back(fallback(config, layer));
            continue;
        }
        const auto at = static_cast<std::size_t>(layer);
        const Json* type = at < types->array.size() ? &types->array[at] : nullptr;
        const bool is_full =
            type != nullptr && type->is_string() && type->string == "full_attention";
        const bool is_sliding =
            type != nullptr && type->is_string() && type->string == "sliding_attention";
        if (!is_full && !is_sliding) {
            config.reader().fail("layer_types",
                                 "full_attention or sliding_attention for each layer",
                                 type != nullptr ? type : types);
        }
        sliding.push_back(is_sliding);
    }
    return sliding;
}

}  // namespace heed
