"""Every hyperparameter of a run: limits, defaults, help and step rules, in one place."""

from lrtui.core.config.fields import Change as Change
from lrtui.core.config.fields import Config as Config
from lrtui.core.config.fields import fields_that as fields_that
from lrtui.core.config.fields import knob as knob
from lrtui.core.config.fields import knobs as knobs
from lrtui.core.config.fields import live_fields as live_fields
from lrtui.core.config.knob import Knob as Knob
from lrtui.core.config.text import brief_value as brief_value
from lrtui.core.config.text import change_text as change_text
from lrtui.core.config.text import changed as changed
from lrtui.core.config.text import changes_text as changes_text
from lrtui.core.config.text import config_at as config_at
from lrtui.core.config.text import format_value as format_value
from lrtui.core.config.text import idle_text as idle_text
from lrtui.core.config.text import limits_text as limits_text
from lrtui.core.config.text import parse_value as parse_value
from lrtui.core.config.text import shown_value as shown_value
from lrtui.core.config.text import stepped as stepped
