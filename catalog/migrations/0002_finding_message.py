from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="message",
            field=models.CharField(blank=True, max_length=200, verbose_name="说明", default=""),
            preserve_default=False,
        ),
    ]
